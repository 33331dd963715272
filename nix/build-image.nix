# The function buildImage. For documentation with examples, see docs/nix/reference.md.
{ pkgs, strata }:
let
  lib = pkgs.lib;
  lists = import ./lists.nix { inherit lib; };
  checks = import ./checks.nix { inherit lib; };
  buildLayer = import ./build-layer.nix { inherit pkgs strata; };
  ownLayers = import ./own-layers.nix { inherit pkgs strata; };
  closureGraph = import ./closure-graph.nix { inherit pkgs; };
  makeNixDatabase = import ./nix-database.nix { inherit pkgs; };
  tarred = import ./tarred.nix { inherit pkgs strata; };
  ensuredDirectories = import ./ensured-directories.nix { inherit pkgs; };
  copy = import ./copy.nix {
    pkgs = pkgs.buildPackages;
    inherit strata;
  };
  localArch = import ./platform.nix pkgs.stdenv.hostPlatform.system;
in
{
  # The name, preceded by registry and namespace if the image is to be pushed.
  name,
  # The tag; null means the hash of the result.
  tag ? null,
  # The OCI image configuration.
  config ? { },
  # Layers built by buildLayer. Paths that they contain are not repeated.
  layers ? [ ],
  # A path or a list of paths whose contents are placed at the root of the image.
  copyToRoot ? null,
  # The base image: a result of pullImage, pullImageFromManifest or buildImage.
  fromImage ? "",
  # The architecture, under its OCI name.
  arch ? localArch,
  # Modes and owners: { path, regex, mode, uid, gid, uname, gname }.
  perms ? [ ],
  # The maximum number of layers to create, not counting those in the argument layers.
  maxLayers ? 1,
  # Whether to add a Nix database with all paths of the image.
  initializeNixDatabase ? false,
  # The owner of the database and its parent directories.
  nixUid ? 0,
  nixGid ? 0,
  # The creation time of the image, in RFC 3339.
  created ? "0001-01-01T00:00:00Z",
  # The old name of copyToRoot.
  contents ? null,
  # The meta attributes of the result.
  meta ? { },
  # Whether to put the database into a layer of its own, so that its modes and owners cannot conflict
  # with those of other paths.
  separateNixDatabase ? false,
  # Directories to create, with mode and owner: { path, mode, uid, gid, uname, gname }.
  ensureDirs ? [ ],
  # Whether to include the dependencies of config and copyToRoot.
  includeStorePaths ? true,
  # Files and directories of store paths to leave out: "${path}/share/doc".
  excludes ? [ ],
  # A tar archive, or a list of them, whose members are placed at the root with their recorded modes and
  # owners, in a layer for each archive.
  fromTar ? [ ],
  # A precomputed split of the closure: a JSON file with an array of arrays of store paths.
  layersFile ? null,
  # "gzip" or "zstd": stores the image's own layers compressed. This does not affect the argument
  # layers.
  compressor ? null,
  # The compression level: 1 to 9 for gzip, 1 to 19 for zstd.
  compressionLevel ? null,
}@args:
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

  # The image's own layers are built by the derivation of the image, because nothing else needs them.
  own = ownLayers {
    inherit
      compressionLevel
      compressor
      excludes
      fromTar
      includeStorePaths
      layersFile
      maxLayers
      ;
    perms = perms ++ lib.optional withinLayer databasePerms;
    rootPaths = rootPaths ++ lib.optional withinLayer nixDatabase;
    deps = [ configFile ];
    ignored = lib.optional includeStorePaths configFile;
    metadata.created_by = "nix2container";
    parents = layers;
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
  above =
    lib.optional (initializeNixDatabase && separateNixDatabase) databaseLayer
    ++ lib.optional (ensureDirs != [ ]) directoriesLayer;

  imageName = checks.imageName name;
  imageTag =
    if tag != null then checks.imageTag tag else builtins.head (builtins.split "-" (baseNameOf image.outPath));

  image =
    pkgs.runCommandLocal "image-${baseNameOf name}.json"
      (
        own.attributes
        // {
          inherit meta;
          strataFiles = own.attributes.strataFiles // {
            below = lists.layersFiles below;
            above = lists.layersFiles above;
          };
          passthru = {
            inherit fromImage imageName imageTag;
            # For tools outside Nix that need the name without building the image. Derivations must not
            # use it, because it does not depend on the image.
            imageRefUnsafe = builtins.unsafeDiscardStringContext "${imageName}:${imageTag}";

            copyToDockerDaemon = copy.copyToDockerDaemon image;
            copyToPodman = copy.copyToPodman image;
            copyToRegistry = copy.copyToRegistry image;
            copyTo = copy.copyTo image;
          };
        }
        # The result is one file, so that compressed layers need an output of their own.
        // (if compressor == null then { } else { outputs = [ "out" "blobs" ]; })
      )
      ''
        ${checks.buildImage args}${own.writeFiles}
        ${lib.optionalString (compressor != null) "mkdir $blobs"}
        ${strata}/bin/strata image \
          ${lib.optionalString (fromImage != "") "--from-image ${fromImage}"} \
          --arch ${arch} \
          --created ${created} \
          --layers-list below \
          --top-layers-list above \
          ${lib.optionalString (compressor != null) "--blob-directory $blobs"} \
          --closure-graph "$graph" ${own.options} \
          $out ${configFile}
      '';
in
if initializeNixDatabase && !includeStorePaths then
  throw "buildImage: initializeNixDatabase = true and includeStorePaths = false are mutually exclusive: the database would list store paths that the image does not contain"
else
  lists.checked { inherit copyToRoot contents; } image
