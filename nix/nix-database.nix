# Builds a store path with the Nix database of an image and a garbage collector root for each path in its
# store, as files below nix/var/nix. The same paths always produce the same bytes.
{ pkgs }:
{
  # The paths whose closures the image adds.
  own,
  # Those of them that are not in the store of the image, because their files are at its root.
  moved,
  # The layers below.
  below,
}:
pkgs.runCommand "nix-database"
  {
    __structuredAttrs = true;
    exportReferencesGraph = {
      graph = own ++ below;
      ownGraph = own;
    };
    moved = map (path: "${path}") moved;
    layersFiles = map (layer: "${layer}/layers.json") below;
    nativeBuildInputs = [
      pkgs.jq
      pkgs.nix
      pkgs.sqlite
    ];
  }
  ''
    # The paths in the store of the image: those of its own, and those that the layers below list, unless
    # a rewrite moves them. References to other paths would be references to nothing.
    jq -n --slurpfile attributes "''${NIX_ATTRS_JSON_FILE:-.attrs.json}" '
      def renamed: (.options.rewrite.regex // "") as $regex
        | $regex != "" and (.path | test($regex));
      $attributes[0] as $given
      | ([inputs | .[]? | .paths[]? | select(renamed | not) | .path]
         + (($given.ownGraph | map(.path)) - $given.moved)
         | map({ (.): true }) | add // { }) as $present
      | $given.graph
      | map(select($present[.path]) | .references |= (map(select($present[.])) | sort))
      | sort_by(.path)
    ' /dev/null "''${layersFiles[@]}" >graph.json

    # The form that nix-store --load-db reads: path, hash, size, no deriver, count of references,
    # references.
    jq -r '
      .[] | .path, .narHash, .narSize, "", (.references | length), .references[]
    ' graph.json >registration
    NIX_REMOTE="local?root=$PWD" nix-store --load-db -j 1 <registration

    # When a path was registered says nothing about it; and rows written in the order of a dump lie
    # in the same pages whatever the order they were registered in.
    sqlite3 nix/var/nix/db/db.sqlite 'UPDATE ValidPaths SET registrationTime = 0'
    sqlite3 nix/var/nix/db/db.sqlite .dump >dump.sql
    mkdir -p "$out/nix/var/nix/db"
    sqlite3 "$out/nix/var/nix/db/db.sqlite" '.read dump.sql'

    mkdir -p "$out/nix/var/nix/gcroots/docker" "$out/nix/store/.links"
    jq -r '.[].path' graph.json |
      xargs -r -d '\n' ln -s -t "$out/nix/var/nix/gcroots/docker"
  ''
