# The function buildImage. For documentation with examples, see docs/nix/reference.md.
{ pkgs, strata }:
let
  lib = pkgs.lib;
  lists = import ./lists.nix { inherit lib; };
  checks = import ./checks.nix { inherit lib; };
  ownLayers = import ./own-layers.nix { inherit pkgs strata; };
  makeNixDatabase = import ./nix-database.nix { inherit pkgs; };
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
  # Whether to keep the environment variables of the base image that config does not set.
  fromImageEnv ? false,
  # Whether to keep all settings of the base image that config does not set, as a Dockerfile does.
  inheritConfig ? false,
  # The architecture, under its OCI name.
  arch ? localArch,
  # Modes and owners: { path, regex, mode, orMode, uid, gid, uname, gname }.
  perms ? [ ],
  # A JSON file with more of them, which come before those of perms.
  permsFile ? null,
  # The maximum number of layers to create, not counting those in the argument layers.
  maxLayers ? 1,
  # How paths are assigned to these layers: "popularity" or "by-size".
  layering ? "popularity",
  # Whether to add a Nix database with all paths of the image.
  initializeNixDatabase ? false,
  # The owner of the database and its parent directories.
  nixUid ? 0,
  nixGid ? 0,
  # The creation time of the image, in RFC 3339.
  created ? "0001-01-01T00:00:00Z",
  # The old name of copyToRoot.
  contents ? null,
  # The annotations of the manifest.
  annotations ? { },
  # The meta attributes of the result.
  meta ? { },
  # Whether to put the database into a layer of its own, so that its modes and owners cannot conflict
  # with those of other paths.
  separateNixDatabase ? false,
  # Directories to create, with mode and owner: { path, mode, uid, gid, uname, gname }, where path is an
  # absolute path of the image, or a store path with the directory dir.
  ensureDirs ? [ ],
  # Whether to include the dependencies of config and copyToRoot.
  includeStorePaths ? true,
  # Files and directories of store paths to leave out: "${path}/share/doc".
  excludes ? [ ],
  # A tar archive, or a list of them, whose members are placed at the root with their recorded modes and
  # owners. Each archive gets a layer of its own, because two paths of a layer must not have different
  # rules for the same directory. { path, tar } is an archive with the content of a store path; its
  # members have their recorded modification times as well.
  fromTar ? [ ],
  # A precomputed split of the closure: a JSON file with an array of arrays of store paths, or a list of
  # lists of packages. It replaces maxLayers.
  layersFile ? null,
  # Whether each layer of layersFile is built by a derivation of its own, which depends on the paths of
  # this layer only.
  spread ? false,
  # "gzip", "zstd" or "zstd:chunked": stores the image's own layers compressed. This does not affect
  # the argument layers.
  compressor ? null,
  # The compression level: 1 to 9 for gzip, 1 to 19 for zstd.
  compressionLevel ? null,
  # Whether to store a witness, which records the files of the image's own layers, so that
  # 'strata verify' can name those that have changed.
  witness ? false,
}@args:
let
  configFile = pkgs.writeText "config.json" (builtins.toJSON config);
  rootPaths = lists.toRoot { inherit copyToRoot contents; };
  below = lists.withNested layers;

  nixDatabase = makeNixDatabase {
    inherit below;
    own = [ configFile ] ++ rootPaths ++ own.origins;
    # These paths are not in the store of the image.
    moved = [ configFile ] ++ rootPaths ++ own.origins;
  };
  databasePerms = {
    path = nixDatabase;
    regex = ".*";
    mode = "0755";
    uid = nixUid;
    gid = nixGid;
  };
  databaseRoots = within: lib.optional (initializeNixDatabase && separateNixDatabase != within) nixDatabase;

  # The image's own layers are built by the derivation of the image, because nothing else needs them,
  # unless they are to be spread.
  ownArguments = {
    inherit
      compressionLevel
      compressor
      ensureDirs
      excludes
      fromTar
      includeStorePaths
      layering
      layersFile
      maxLayers
      permsFile
      witness
      ;
    perms = perms ++ lib.optional initializeNixDatabase databasePerms;
    rootPaths = rootPaths ++ databaseRoots true;
    separate = databaseRoots false;
    deps = [ configFile ];
    ignored = lib.optional includeStorePaths configFile;
    metadata.created_by = "nix2container";
    parents = layers ++ spreadLayers;
  };
  own = ownLayers (
    ownArguments
    // {
      # The other directories are in the layers of their paths.
      ensureDirs = lib.filter (
        directory: !(directory ? dir && lib.elem "${directory.path}" (lib.concatMap (paths: paths) listed))
      ) ensureDirs;
    }
  );
  listed = if spread then lists.layersOf layersFile else [ ];
  spreadLayers = map spreadLayer listed;
  # The name has no number, so that a layer that moves is not built again.
  spreadLayer =
    paths:
    let
      layer = ownLayers (
        ownArguments
        // {
          ensureDirs = lib.filter (directory: directory ? dir) ensureDirs;
          fromTar = [ ];
          ignored = [ ];
          layersFile = null;
          maxLayers = 1;
          only = paths;
          parents = layers;
          separate = [ ];
        }
      );
    in
    pkgs.runCommand "layer" layer.attributes ''
      ${layer.writeFiles}
      mkdir $out
      ${strata}/bin/strata layers-from-reproducible-storepaths ${layer.options}${lib.optionalString witness " --witness $out/witness"} $out/layers.json "$graph"
    '';
  hasBase = fromImage != null && fromImage != "";

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
            below = lists.layersFiles (below ++ spreadLayers);
          }
          // (if annotations == { } then { } else { "annotations.json" = builtins.toJSON annotations; });
          passthru = {
            inherit
              fromImage
              imageName
              imageTag
              spreadLayers
              ;
            # For tools outside Nix that need the name without building the image. Derivations must not
            # use it, because it does not depend on the image.
            imageRefUnsafe = builtins.unsafeDiscardStringContext "${imageName}:${imageTag}";

            copyToDockerDaemon = copy.copyToDockerDaemon image;
            copyToPodman = copy.copyToPodman image;
            copyToRegistry = copy.copyToRegistry image;
            copyTo = copy.copyTo image;
          };
        }
        # The result is one file, so that what layers store needs an output of its own.
        // (
          if own.hasBlobs then
            {
              outputs = [
                "out"
                "blobs"
              ];
            }
          else
            { }
        )
      )
      ''
        ${checks.buildImage args}${own.writeFiles}
        ${lib.optionalString own.hasBlobs "mkdir $blobs"}
        ${strata}/bin/strata image ${
          lib.concatStringsSep " " (
            [ "--docker-settings" ]
            ++ lib.optional hasBase "--from-image ${fromImage}"
            ++ lib.optional fromImageEnv "--from-image-env"
            ++ lib.optional inheritConfig "--inherit-config"
            ++ lib.optional (annotations != { }) "--annotations annotations.json"
            ++ lib.optional own.hasBlobs "--blob-directory $blobs"
            ++ lib.optional witness "--witness $blobs/witness"
          )
        } \
          --arch ${arch} \
          --created ${created} \
          --layers-list below \
          --closure-graph "$graph" ${own.options} \
          $out ${configFile}
      '';
in
lists.checked { inherit copyToRoot contents; } image
