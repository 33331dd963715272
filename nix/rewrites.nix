# Where the files of store paths go in a layer: those of root paths to the root, excluded ones
# nowhere, for a file whose rewritten name is empty is left out.
{ lib }:
let
  literal = import ./literal.nix { inherit lib; };

  # Takes "/nix/store/…-name/share/doc" apart.
  parse =
    exclude:
    let
      text = builtins.unsafeDiscardStringContext "${exclude}";
      inStore = lib.removePrefix "${builtins.storeDir}/" text;
      parts = lib.filter (part: lib.isString part && part != "") (builtins.split "/+" inStore);
    in
    if inStore == text || lib.length parts < 2 || lib.elem ".." parts || lib.elem "." parts then
      throw "excludes: '${text}' is not the name of something in a store path: write \"\${package}/share/doc\"."
    else
      {
        path = "${builtins.storeDir}/${lib.head parts}";
        below = lib.concatStringsSep "/" (builtins.tail parts);
      };
  # The names below each store path that are excluded.
  grouped = excludes: lib.groupBy (exclude: exclude.path) (map parse excludes);

  rewrites =
    { rootPaths, excludes }:
    let
      groups = grouped excludes;
      # Matches the names of what is excluded from a path, with all below it.
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
