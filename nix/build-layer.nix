# The function buildLayer. For documentation with examples, see docs/nix/reference.md.
{
  pkgs,
  strata,
  # Checks the arguments; returns the empty string.
  check ? (import ./checks.nix { inherit (pkgs) lib; }).buildLayer,
}:
let
  lib = pkgs.lib;
  checks = import ./checks.nix { inherit lib; };
  lists = import ./lists.nix { inherit lib; };
  closureGraph = import ./closure-graph.nix { inherit pkgs; };
  tarred = import ./tarred.nix { inherit pkgs strata; };
  rewritesOf = import ./rewrites.nix { inherit lib; };
in
{
  # Store paths to add to the layer with their closures.
  deps ? [ ],
  # A path or a list of paths whose contents are placed at the root of the image.
  copyToRoot ? null,
  # A path, or a list of paths, to leave out.
  ignore ? null,
  # Layers below this one. Paths that they contain are not repeated.
  layers ? [ ],
  # Whether building the paths always gives the same bytes. If not, the result contains the tar file.
  reproducible ? true,
  # Modes and owners: { path, regex, mode, uid, gid, uname, gname }.
  perms ? [ ],
  # The maximum number of layers to create.
  maxLayers ? 1,
  # The old name of copyToRoot.
  contents ? null,
  # created_by, author and comment of the layer in the image's history.
  metadata ? {
    created_by = "nix2container";
  },
  # Whether to include the dependencies of deps and copyToRoot. If not, the layer contains only
  # copyToRoot.
  includeStorePaths ? true,
  # Files and directories of store paths to leave out: "${path}/share/doc".
  excludes ? [ ],
  # A tar archive, or a list of them, whose members are placed at the root with their recorded modes and
  # owners. Each archive gets a layer of its own, because two paths of a layer must not have different
  # rules for the same directory.
  fromTar ? [ ],
  # A precomputed split of the closure: a JSON file with an array of arrays of store paths.
  layersFile ? null,
  # "gzip" or "zstd": stores the layers compressed, so that pushes send them unchanged.
  compressor ? null,
  # The compression level: 1 to 9 for gzip, 1 to 19 for zstd.
  compressionLevel ? null,
}@args:
let
  tars = map tarred (lib.toList fromTar);
  tarPaths = map (tar: tar.path) tars;
  rootPaths = lists.toRoot { inherit copyToRoot contents; };
  # This layer contains the dependencies of the unpacked archives, but not the archives themselves.
  ignored = (if ignore == null then [ ] else lib.toList ignore) ++ tarPaths;
  graph = closureGraph (
    if includeStorePaths then
      {
        paths = deps ++ rootPaths ++ tarPaths;
        inherit ignored;
      }
    else
      {
        paths = rootPaths;
        inherit ignored;
        alone = true;
      }
  );
  toJsonFile = name: value: pkgs.writeText name (builtins.toJSON value);
  split =
    if layersFile == null then
      "--max-layers ${toString maxLayers}"
    else if maxLayers != 1 then
      throw "layersFile and maxLayers are mutually exclusive: layersFile determines the number of layers; remove maxLayers"
    else
      "--layers-file ${layersFile}";
  # Options for all layers.
  options =
    lib.optional (metadata != { }) "--history ${toJsonFile "history.json" metadata}"
    ++ lib.optional (!reproducible) "--tar-directory $out"
    ++ lib.optional (compressor != null) "--compressor ${compressor}"
    ++ lib.optional (compressionLevel != null) "--compression-level ${toString compressionLevel}";
  # Options for the layers of store paths.
  ownOptions = [
    split
    "--rewrites ${toJsonFile "rewrites.json" (rewritesOf { inherit rootPaths excludes; })}"
  ]
  ++ lib.optional (perms != [ ]) "--perms ${toJsonFile "perms.json" perms}"
  ++ options;
  command =
    if reproducible then
      "layers-from-reproducible-storepaths"
    else
      "layers-from-non-reproducible-storepaths";

  # Without this check, excludes with paths of another closure would be ignored silently.
  checkExcludes = lib.optionalString (excludes != [ ]) ''
    ${pkgs.jq}/bin/jq -r '.[].path' ${graph} | sort >closure
    for path in ${lib.concatStringsSep " " (rewritesOf.storePaths excludes)}; do
      if ! grep -qxF "$path" closure; then
        echo "excludes: $path is not in the closure of this layer; remove its files from excludes" >&2
        exit 1
      fi
    done
  '';

  addTar = tar: ''
    ${strata}/bin/strata tar-perms ${tar.tar} ${tar.path} -o perms.json
    ${strata}/bin/strata ${command} ${lib.concatStringsSep " " options} --perms perms.json \
      --rewrites ${
        toJsonFile "rewrites.json" (rewritesOf {
          rootPaths = [ tar.path ];
          excludes = [ ];
        })
      } \
      $out/tar.json ${
        closureGraph {
          paths = [ tar.path ];
          alone = true;
        }
      }
    ${pkgs.jq}/bin/jq -s add $out/layers.json $out/tar.json >layers.json
    rm $out/tar.json
    mv layers.json $out/layers.json
  '';

  layer =
    pkgs.runCommandLocal "layers.json"
      {
        parents = lists.layersFiles layers;
        passAsFile = [ "parents" ];
      }
      ''
        ${check args}mkdir $out
        ${checkExcludes}${strata}/bin/strata ${command} ${lib.concatStringsSep " " ownOptions} \
          --parents-list "$parentsPath" $out/layers.json ${graph}
        ${lib.concatMapStringsSep "\n" addTar tars}
      '';
in
lists.checked { inherit copyToRoot contents; } (
  layer
  // {
    nestedLayers = lists.withNested (checks.layers "buildLayer" layers);
    # For the checks: the argument, and what distinguishes this layer from others.
    inherit layers;
    identity.of = x: x;
  }
)
