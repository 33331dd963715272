# What the functions do with lists.
{ lib }:
rec {
  # The argument copyToRoot, or the deprecated contents, as a list.
  toRoot =
    { copyToRoot, contents }:
    let
      given = if copyToRoot != null then copyToRoot else contents;
    in
    if given == null then [ ] else lib.toList given;

  # Passes a value on, after a word about the deprecated argument.
  checked =
    { copyToRoot, contents }:
    value:
    if contents == null then
      value
    else if copyToRoot != null then
      throw "copyToRoot and contents are both given, and contents is the old name of copyToRoot: give copyToRoot alone."
    else
      lib.warnIf true "The argument contents is deprecated: rename it to copyToRoot. Programs come to /bin with copyToRoot = pkgs.buildEnv { name = \"root\"; paths = [ … ]; pathsToLink = [ \"/bin\" ]; }." value;

  # Derivations in the order they first appear, each once.
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

  # All layers that a list of layers stands on, each once, lowest first; then the list itself.
  withNested = layers: distinct (lib.concatMap (layer: layer.nestedLayers) layers ++ layers);

  # The layers.json files of layers, one a line: for passAsFile.
  layersFiles = lib.concatMapStringsSep "\n" (layer: "${layer}/layers.json");
}
