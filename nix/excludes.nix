# Returns the argument excludes in the form that Strata reads: a list of { path, excludes }, where path
# is a store path and excludes are names relative to it.
{ lib }:
let
  # Splits "/nix/store/…-name/share/doc" into the store path and the rest.
  parse =
    exclude:
    let
      text = builtins.unsafeDiscardStringContext "${exclude}";
      inStore = lib.removePrefix "${builtins.storeDir}/" text;
      parts = lib.filter (part: lib.isString part && part != "") (builtins.split "/+" inStore);
    in
    {
      path = "${builtins.storeDir}/${lib.head parts}";
      excludes = [ (lib.concatStringsSep "/" (builtins.tail parts)) ];
    };
  one =
    exclude:
    if builtins.isAttrs exclude && exclude ? excludes then
      {
        path = builtins.unsafeDiscardStringContext "${exclude.path}";
        inherit (exclude) excludes;
      }
    else
      parse exclude;
in
map one
