# Builds a store path with the Nix database of a closure and a garbage collector root for each of its
# paths, as files below nix/var/nix. The same closure always produces the same bytes.
{ pkgs }:
closureGraph:
pkgs.runCommand "nix-database"
  {
    nativeBuildInputs = [
      pkgs.jq
      pkgs.nix
      pkgs.sqlite
    ];
  }
  ''
    # The form that nix-store --load-db reads: path, hash, size, no deriver, count of references,
    # references.
    jq -r '
      .[] | .path, .narHash, .narSize, "", (.references | length), .references[]
    ' ${closureGraph} >registration
    NIX_REMOTE="local?root=$PWD" nix-store --load-db -j 1 <registration

    # When a path was registered says nothing about it; and rows written in the order of a dump lie
    # in the same pages whatever the order they were registered in.
    sqlite3 nix/var/nix/db/db.sqlite 'UPDATE ValidPaths SET registrationTime = 0'
    sqlite3 nix/var/nix/db/db.sqlite .dump >dump.sql
    mkdir -p "$out/nix/var/nix/db"
    sqlite3 "$out/nix/var/nix/db/db.sqlite" '.read dump.sql'

    mkdir -p "$out/nix/var/nix/gcroots/docker" "$out/nix/store/.links"
    jq -r '.[].path' ${closureGraph} |
      xargs -r -d '\n' ln -s -t "$out/nix/var/nix/gcroots/docker"
  ''
