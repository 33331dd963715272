# buildLayer; docs/nix/reference.md has its arguments with an example each.
{ pkgs, strata }:
let
  lib = pkgs.lib;
  lists = import ./lists.nix { inherit lib; };
  closureGraph = import ./closure-graph.nix { inherit pkgs; };
  tarred = import ./tarred.nix { inherit pkgs strata; };
  rewritesOf = import ./rewrites.nix { inherit lib; };
in
{
  # Store paths that the layer has, each with all it refers to.
  deps ? [ ],
  # A path or a list of paths whose content comes to the root of the image.
  copyToRoot ? null,
  # A path, or a list of paths, to leave out.
  ignore ? null,
  # Layers below this one: a path that one of them has is not repeated.
  layers ? [ ],
  # Whether everyone who builds the paths gets the same bytes. If not, the result keeps the tar.
  reproducible ? true,
  # Modes and owners: { path, regex, mode, uid, gid, uname, gname }.
  perms ? [ ],
  # The largest number of layers to make.
  maxLayers ? 1,
  # The old name of copyToRoot.
  contents ? null,
  # created_by, author and comment of the layer in the image's history.
  metadata ? {
    created_by = "nix2container";
  },
  # Whether the layer has what deps and copyToRoot refer to. If not, it has copyToRoot alone.
  includeStorePaths ? true,
  # Files and folders of store paths to leave out: "${path}/share/doc".
  excludes ? [ ],
  # A tar, or a list of tars, whose members come to the root with the modes and owners they have, in a
  # layer for each tar: in one layer two paths may not have rules of their own for one directory.
  fromTar ? [ ],
  # How the closure is split, worked out elsewhere: a JSON file with a list of lists of store paths.
  layersFile ? null,
  # "gzip" or "zstd": the result keeps the layers compressed, for registries to be sent as they are.
  compressor ? null,
  # How hard to compress: 1 to 9 for gzip, 1 to 19 for zstd.
  compressionLevel ? null,
}:
let
  tars = map tarred (lib.toList fromTar);
  tarPaths = map (tar: tar.path) tars;
  rootPaths = lists.toRoot { inherit copyToRoot contents; };
  # Of a tar's path this layer has what it refers to.
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
      throw "layersFile says how many layers there are: leave maxLayers out."
    else
      "--layers-file ${layersFile}";
  # Options of all layers.
  options =
    lib.optional (metadata != { }) "--history ${toJsonFile "history.json" metadata}"
    ++ lib.optional (!reproducible) "--tar-directory $out"
    ++ lib.optional (compressor != null) "--compressor ${compressor}"
    ++ lib.optional (compressionLevel != null) "--compression-level ${toString compressionLevel}";
  # Those of the layers of store paths.
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

  # An exclude that names a path of another closure would do nothing, and nobody would notice.
  checkExcludes = lib.optionalString (excludes != [ ]) ''
    ${pkgs.jq}/bin/jq -r '.[].path' ${graph} | sort >closure
    for path in ${lib.concatStringsSep " " (rewritesOf.storePaths excludes)}; do
      if ! grep -qxF "$path" closure; then
        echo "excludes names files of $path, which the closure of this layer does not have: leave them out" >&2
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
        mkdir $out
        ${checkExcludes}${strata}/bin/strata ${command} ${lib.concatStringsSep " " ownOptions} \
          --parents-list "$parentsPath" $out/layers.json ${graph}
        ${lib.concatMapStringsSep "\n" addTar tars}
      '';
in
lists.checked { inherit copyToRoot contents; } (
  layer
  // {
    nestedLayers = lists.distinct (lib.concatMap (below: below.nestedLayers) layers ++ layers);
  }
)
