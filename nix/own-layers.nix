# Returns what a derivation needs to build the layers for a closure: its attributes, shell code that
# writes the input files of Strata, and options of its commands. Everything is an attribute of that one
# derivation, so that a rebuild starts few builders.
{ pkgs, strata }:
let
  lib = pkgs.lib;
  tarred = import ./tarred.nix { inherit pkgs strata; };
  rewritesOf = import ./rewrites.nix { inherit lib; };
  excludesOf = import ./excludes.nix { inherit lib; };
in
{
  deps,
  rootPaths,
  # Paths to leave out. No other path may refer to them.
  ignored,
  perms,
  maxLayers,
  metadata,
  includeStorePaths,
  excludes,
  fromTar,
  layersFile,
  # The layers whose paths are left out.
  parents,
  compressor,
  compressionLevel,
}:
let
  tars = map tarred (lib.toList fromTar);
  tarPaths = map (tar: tar.path) tars;
  files = {
    "parents" = lib.concatMapStringsSep "\n" (layer: "${layer}/layers.json") parents;
    "rewrites.json" = builtins.toJSON (rewritesOf (rootPaths ++ tarPaths));
  }
  // optionalFile "perms.json" perms
  // optionalFile "excludes.json" (excludesOf excludes)
  // optionalFile "tars.json" tars
  // (if metadata == { } then { } else { "history.json" = builtins.toJSON metadata; });
  optionalFile = name: list: if list == [ ] then { } else { ${name} = builtins.toJSON list; };
  optionalOption =
    option: file: lib.optional (files ? ${file}) "${option} ${file}";
in
{
  attributes = {
    __structuredAttrs = true;
    exportReferencesGraph.graph = if includeStorePaths then deps ++ rootPaths ++ tarPaths else rootPaths;
    # This layer contains the dependencies of the unpacked archives, but not the archives themselves.
    ignoredPaths = map toString ignored;
    strataFiles = files;
  }
  // (if includeStorePaths then { } else { onlyPaths = map toString rootPaths; });

  writeFiles = ''
    for file in "''${!strataFiles[@]}"; do
      printf %s "''${strataFiles[$file]}" >"$file"
    done
    graph=''${NIX_ATTRS_JSON_FILE:-.attrs.json}
  '';

  options = lib.concatStringsSep " " (
    [
      "--parents-list parents"
      "--rewrites rewrites.json"
    ]
    ++ optionalOption "--perms" "perms.json"
    ++ optionalOption "--excludes" "excludes.json"
    ++ optionalOption "--tars" "tars.json"
    ++ optionalOption "--history" "history.json"
    ++ (
      if layersFile == null then
        [ "--max-layers ${toString maxLayers}" ]
      else
        [ "--layers-file ${layersFile}" ]
    )
    ++ lib.optional (compressor != null) "--compressor ${compressor}"
    ++ lib.optional (compressionLevel != null) "--compression-level ${toString compressionLevel}"
  );
}
