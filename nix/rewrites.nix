# Creates the rewrites of a layer: files of root paths are moved to the root, and excluded files are
# rewritten to the empty name, which leaves them out.
{ lib }:
let
  literal = import ./literal.nix { inherit lib; };

  # Splits "/nix/store/…-name/share/doc" into the store path and the rest.
  parse =
    exclude:
    let
      text = builtins.unsafeDiscardStringContext "${exclude}";
      inStore = lib.removePrefix "${builtins.storeDir}/" text;
      parts = lib.filter (part: lib.isString part && part != "") (builtins.split "/+" inStore);
    in
    if inStore == text || lib.length parts < 2 || lib.elem ".." parts || lib.elem "." parts then
      throw "excludes: '${text}' is not a path inside a store path; use the form \"\${package}/share/doc\""
    else
      {
        path = "${builtins.storeDir}/${lib.head parts}";
        below = lib.concatStringsSep "/" (builtins.tail parts);
      };
  # Groups the excluded names by store path.
  grouped = excludes: lib.groupBy (exclude: exclude.path) (map parse excludes);

  rewrites =
    { rootPaths, excludes }:
    let
      groups = grouped excludes;
      # Matches the excluded names of a path and everything below them.
      excluded =
        path: "/(${lib.concatMapStringsSep "|" (exclude: literal exclude.below) groups.${path}})(/.*)?$";
      key = path: builtins.unsafeDiscardStringContext "${path}";
      inPlace = removeAttrs groups (map key rootPaths);
    in
    map (path: {
      inherit path;
      regex =
        if groups ? ${key path} then
          "(?s)^${literal "${path}"}(${excluded (key path)})?"
        else
          "^${path}";
      repl = "";
    }) rootPaths
    ++ map (path: {
      inherit path;
      regex = "(?s)^${literal path}${excluded path}";
      repl = "";
    }) (builtins.attrNames inPlace);
in
{
  __functor = _: rewrites;
  storePaths = excludes: builtins.attrNames (grouped excludes);
}
