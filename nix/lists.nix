# Functions for lists of paths and layers.
{ lib }:
rec {
  # Returns the argument copyToRoot, or the deprecated argument contents, as a list.
  toRoot =
    { copyToRoot, contents }:
    let
      given = if copyToRoot != null then copyToRoot else contents;
    in
    if given == null then [ ] else lib.toList given;

  # Returns a value after checking the deprecated argument contents.
  checked =
    { copyToRoot, contents }:
    value:
    if contents == null then
      value
    else if copyToRoot != null then
      throw "copyToRoot and contents are mutually exclusive: contents is the old name of copyToRoot; use only copyToRoot"
    else
      lib.warnIf true "The argument contents is deprecated; rename it to copyToRoot. To link programs into /bin, use copyToRoot = pkgs.buildEnv { name = \"root\"; paths = [ … ]; pathsToLink = [ \"/bin\" ]; }." value;

  # Removes duplicates from a list of derivations, preserving the order of first occurrences.
  distinct =
    derivations:
    (builtins.foldl'
      (
        seen: derivation:
        let
          key = builtins.unsafeDiscardStringContext "${derivation}";
        in
        if seen.keys ? ${key} then
          seen
        else
          {
            keys = seen.keys // {
              ${key} = null;
            };
            list = seen.list ++ [ derivation ];
          }
      )
      {
        keys = { };
        list = [ ];
      }
      derivations
    ).list;

  # Returns all layers below a list of layers, from bottom to top and without duplicates, followed by
  # the list itself.
  withNested = layers: distinct (lib.concatMap (layer: layer.nestedLayers) layers ++ layers);

  # Returns the layers.json files of layers, one per line, for passAsFile.
  layersFiles = lib.concatMapStringsSep "\n" (layer: "${layer}/layers.json");

  # Returns the layers of the argument layersFile, each a list of store paths that a derivation depends
  # on when it uses them. The paths in a file have to be valid, or in a binary cache.
  layersOf =
    layersFile:
    let
      listed =
        if builtins.isList layersFile then
          layersFile
        else
          builtins.fromJSON (builtins.unsafeDiscardStringContext (builtins.readFile layersFile));
      inStore =
        path:
        if builtins.isString path && !builtins.hasContext path then
          builtins.appendContext path { ${path}.path = true; }
        else
          "${path}";
    in
    map (map inStore) listed;
}
