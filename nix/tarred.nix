# Returns how the members of a tar archive come into a layer: unpacked into a store path, which does not
# preserve modes and owners. Strata reads them from the archive.
{ pkgs, strata }:
let
  lib = pkgs.lib;
  unpack =
    tar:
    pkgs.runCommandLocal "unpacked" { inherit tar; } ''
      # Says what a store path can't hold before tar fails at it.
      ${strata}/bin/strata tar-perms "$tar" "$out" -o /dev/null
      mkdir "$out"
      tar -x --no-same-owner --no-same-permissions -C "$out" -f "$tar"
      chmod -R u+rwX "$out"
    '';
in
# The paths that are not placed at the root of the image.
deps:
# An archive, or { path, tar }: an archive with the content of a store path.
given:
if builtins.isAttrs given && given ? tar && given ? path && !(given ? outPath) then
  let
    replaced = "${given.path}";
    inPlace = lib.elem replaced (map (path: "${path}") deps);
    path = unpack given.tar;
  in
  {
    inherit path replaced;
    # Where the members are in the image.
    target = if inPlace then replaced else "";
    # The paths whose dependencies the members have.
    origins = [
      path
      given.path
    ];
    option = {
      inherit path;
      inherit (given) tar;
      replaces = replaced;
    };
  }
else
  rec {
    path = unpack given;
    replaced = "";
    target = "";
    origins = [ path ];
    option = {
      inherit path;
      tar = given;
      times = false;
    };
  }
