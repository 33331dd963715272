# Unpacks a tar archive into a store path. The store does not preserve modes and owners; Strata reads
# them from the archive.
{ pkgs, strata }:
tar: {
  path = pkgs.runCommandLocal "unpacked" { inherit tar; } ''
    # Says what a store path can't hold before tar fails at it.
    ${strata}/bin/strata tar-perms "$tar" "$out" -o /dev/null
    mkdir "$out"
    tar -x --no-same-owner --no-same-permissions -C "$out" -f "$tar"
    chmod -R u+rwX "$out"
  '';
  inherit tar;
  times = false;
}
