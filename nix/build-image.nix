# buildImage; docs/nix/reference.md has its arguments with an example each.
{ pkgs, strata }:
let
  lib = pkgs.lib;
  lists = import ./lists.nix { inherit lib; };
  buildLayer = import ./build-layer.nix { inherit pkgs strata; };
  closureGraph = import ./closure-graph.nix { inherit pkgs; };
  makeNixDatabase = import ./nix-database.nix { inherit pkgs; };
  tarred = import ./tarred.nix { inherit pkgs strata; };
  ensuredDirectories = import ./ensured-directories.nix { inherit pkgs; };
  copy = import ./copy.nix { inherit pkgs strata; };
  localArch = import ./platform.nix pkgs.stdenv.hostPlatform.system;
in
{
  # The name, with a registry and folders in front if the image goes to a registry.
  name,
  # The tag; null for the hash of the result.
  tag ? null,
  # The OCI image configuration.
  config ? { },
  # Layers of buildLayer: a path that one of them has is not repeated.
  layers ? [ ],
  # A path or a list of paths whose content comes to the root of the image.
  copyToRoot ? null,
  # An image of pullImage, pullImageFromManifest or buildImage to stand on.
  fromImage ? "",
  # The processor, by its OCI name.
  arch ? localArch,
  # Modes and owners: { path, regex, mode, uid, gid, uname, gname }.
  perms ? [ ],
  # The largest number of layers to make; those of the argument layers come on top.
  maxLayers ? 1,
  # Whether the image has a Nix database with all of its paths.
  initializeNixDatabase ? false,
  # The owner of the database and the folders around it.
  nixUid ? 0,
  nixGid ? 0,
  # When the image was created, in RFC 3339.
  created ? "0001-01-01T00:00:00Z",
  # The old name of copyToRoot.
  contents ? null,
  # The meta attributes of the result.
  meta ? { },
  # Whether the database gets a layer of its own, so that its modes and owners meet nobody else's.
  separateNixDatabase ? false,
  # Directories with a mode and an owner: { path, mode, uid, gid, uname, gname }.
  ensureDirs ? [ ],
  # Whether the image has what config and copyToRoot refer to.
  includeStorePaths ? true,
  # Files and folders of store paths to leave out: "${path}/share/doc".
  excludes ? [ ],
  # A tar, or a list of tars, whose members come to the root with the modes and owners they have, in a
  # layer for each tar.
  fromTar ? [ ],
  # How the closure is split, worked out elsewhere: a JSON file with a list of lists of store paths.
  layersFile ? null,
  # "gzip" or "zstd": the layers of the image itself are kept compressed. Those of the argument layers
  # are as their buildLayer says.
  compressor ? null,
  # How hard to compress: 1 to 9 for gzip, 1 to 19 for zstd.
  compressionLevel ? null,
}:
let
  configFile = pkgs.writeText "config.json" (builtins.toJSON config);
  rootPaths = lists.toRoot { inherit copyToRoot contents; };
  below = lists.withNested layers;

  tarPaths = map (tar: (tarred tar).path) (lib.toList fromTar);

  nixDatabase = makeNixDatabase (closureGraph {
    paths = [ configFile ] ++ rootPaths ++ tarPaths ++ below;
    ignored = [ configFile ] ++ below;
  });
  databasePerms = {
    path = nixDatabase;
    regex = ".*";
    mode = "0755";
    uid = nixUid;
    gid = nixGid;
  };
  withinLayer = initializeNixDatabase && !separateNixDatabase;

  ownLayer = buildLayer {
    inherit
      compressionLevel
      compressor
      excludes
      fromTar
      includeStorePaths
      layers
      layersFile
      maxLayers
      ;
    perms = perms ++ lib.optional withinLayer databasePerms;
    copyToRoot = rootPaths ++ lib.optional withinLayer nixDatabase;
    deps = [ configFile ];
    ignore = if includeStorePaths then configFile else null;
  };
  databaseLayer = buildLayer {
    inherit compressionLevel compressor;
    copyToRoot = nixDatabase;
    perms = [ databasePerms ];
    includeStorePaths = false;
  };
  directories = ensuredDirectories ensureDirs;
  directoriesLayer = buildLayer {
    inherit (directories) copyToRoot perms;
    inherit compressionLevel compressor;
    includeStorePaths = false;
  };
  allLayers =
    below
    ++ [ ownLayer ]
    ++ lib.optional (initializeNixDatabase && separateNixDatabase) databaseLayer
    ++ lib.optional (ensureDirs != [ ]) directoriesLayer;

  imageName = lib.toLower name;
  imageTag =
    if tag != null then tag else builtins.head (builtins.split "-" (baseNameOf image.outPath));

  image =
    pkgs.runCommandLocal "image-${baseNameOf name}.json"
      {
        inherit meta;
        lower = lists.layersFiles (lib.init allLayers);
        passAsFile = [ "lower" ];
        passthru = {
          inherit fromImage imageName imageTag;
          # For tools outside of Nix that want the name and must not build the image for it. Nothing
          # that Nix builds may use it: it does not bring the image into the store.
          imageRefUnsafe = builtins.unsafeDiscardStringContext "${imageName}:${imageTag}";

          copyToDockerDaemon = copy.copyToDockerDaemon image;
          copyToPodman = copy.copyToPodman image;
          copyToRegistry = copy.copyToRegistry image;
          copyTo = copy.copyTo image;
        };
      }
      ''
        ${strata}/bin/strata image \
          ${lib.optionalString (fromImage != "") "--from-image ${fromImage}"} \
          --arch ${arch} \
          --created ${created} \
          --layers-list "$lowerPath" \
          $out ${configFile} ${lib.last allLayers}/layers.json
      '';
in
if initializeNixDatabase && !includeStorePaths then
  throw "initializeNixDatabase lists the store paths of an image, and includeStorePaths = false leaves them out: give one of the two."
else
  lists.checked { inherit copyToRoot contents; } image
