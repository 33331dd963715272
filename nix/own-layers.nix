# Returns what a derivation needs to build layers: its attributes, shell code that writes the input files
# of Strata, and options of its commands. Everything is an attribute of that one derivation, so that a
# rebuild starts few builders.
{ pkgs, strata }:
let
  lib = pkgs.lib;
  lists = import ./lists.nix { inherit lib; };
  tarred = import ./tarred.nix { inherit pkgs strata; };
  ensuredDirectories = import ./ensured-directories.nix { inherit pkgs; };
  rewriteOf = import ./rewrites.nix { inherit lib; };
  excludesOf = import ./excludes.nix { inherit lib; };
in
{
  # Store paths to add with their closures, if includeStorePaths is true.
  deps,
  # Paths whose contents are placed at the root of the image, in the same way.
  rootPaths,
  # Paths to leave out. No other path may refer to them.
  ignored,
  # Paths whose contents are placed at the root of the image in layers of their own, above the others.
  separate ? [ ],
  # The layers whose paths are left out.
  parents,
  # The arguments of buildLayer.
  perms,
  permsFile,
  maxLayers,
  layering,
  metadata,
  includeStorePaths,
  excludes,
  fromTar,
  ensureDirs,
  layersFile,
  compressor,
  compressionLevel,
  witness,
  # The only store paths of the layer, instead of the closures of deps and rootPaths; null for all.
  only ? null,
}:
let
  tars = map (tarred deps) (lib.toList fromTar);
  directories = ensuredDirectories ensureDirs;
  ownRoots = separate ++ directories.roots;

  # A directory of a path that an archive replaces is one of the archive.
  located =
    directory:
    let
      path = "${directory.path}";
      replacing = lib.filter (tar: tar.replaced == path) tars;
    in
    directory // { path = if replacing == [ ] then path else (lib.head replacing).path; };

  # Without rules for other paths, whose changes would cause a rebuild.
  isKept = path: only == null || lib.elem "${path}" (map (kept: "${kept}") only);
  forPaths = lib.filter (rule: isKept (rule.path or ""));
  movedPaths = lib.filter isKept (rootPaths ++ ownRoots);
  splitFile = builtins.isList layersFile;

  file = name: list: if list == [ ] then { } else { ${name} = builtins.toJSON list; };
  files = {
    parents = lists.layersFiles parents;
    "rewrites.json" = builtins.toJSON (
      map (rewriteOf "") movedPaths ++ map (tar: rewriteOf tar.target tar.path) tars
    );
  }
  // file "perms.json" (forPaths (perms ++ directories.perms))
  // file "excludes.json" (forPaths (excludesOf excludes))
  // file "tars.json" (map (tar: tar.option) tars ++ map (path: { inherit path; }) ownRoots)
  // file "ensure-dirs.json" (forPaths (map located directories.below))
  // (if splitFile then { "layers-file.json" = builtins.toJSON layersFile; } else { })
  // (if metadata == { } then { } else { "history.json" = builtins.toJSON metadata; });
  option = name: file: lib.optional (files ? ${file}) "${name} ${file}";
in
{
  attributes = {
    __structuredAttrs = true;
    exportReferencesGraph.graph =
      if only != null then
        only
      else if includeStorePaths then
        deps ++ rootPaths ++ lib.concatMap (tar: tar.origins) tars
      else
        rootPaths;
    ignoredPaths = map (path: "${path}") ignored;
    strataFiles = files;
  }
  // (
    if only != null then
      { onlyPaths = map (path: "${path}") only; }
    else if includeStorePaths then
      { }
    else
      { onlyPaths = map (path: "${path}") rootPaths; }
  );

  # The paths whose dependencies the members of archives have.
  origins = lib.concatMap (tar: tar.origins) tars;

  # Whether Strata stores more than layers.json or image.json.
  hasBlobs = witness || compressor != null || directories.below != [ ];

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
    ++ lib.optional (permsFile != null) "--perms-file ${permsFile}"
    ++ option "--perms" "perms.json"
    ++ option "--excludes" "excludes.json"
    ++ option "--tars" "tars.json"
    ++ option "--ensure-dirs" "ensure-dirs.json"
    ++ option "--history" "history.json"
    ++ (
      if layersFile == null then
        [ "--max-layers ${toString maxLayers}" ]
        ++ lib.optional (layering != "popularity") "--layering ${layering}"
      else
        [ "--layers-file ${if splitFile then "layers-file.json" else layersFile}" ]
    )
    ++ lib.optional (compressor != null) "--compressor ${compressor}"
    ++ lib.optional (compressionLevel != null) "--compression-level ${toString compressionLevel}"
  );
}
