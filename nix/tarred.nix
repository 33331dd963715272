# A tar's members as a store path; modes and owners, which the store does not keep, as the rules that
# `strata tar-perms` writes of the tar.
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
}
