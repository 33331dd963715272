# The function buildLayer. For documentation with examples, see docs/nix/reference.md.
{ pkgs, strata }:
let
  lib = pkgs.lib;
  checks = import ./checks.nix { inherit lib; };
  lists = import ./lists.nix { inherit lib; };
  ownLayers = import ./own-layers.nix { inherit pkgs strata; };
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
  # Modes and owners: { path, regex, mode, orMode, uid, gid, uname, gname }.
  perms ? [ ],
  # A JSON file with more of them, which come before those of perms.
  permsFile ? null,
  # The maximum number of layers to create.
  maxLayers ? 1,
  # How paths are assigned to these layers: "popularity" or "by-size".
  layering ? "popularity",
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
  # rules for the same directory. { path, tar } is an archive with the content of a store path; its
  # members have their recorded modification times as well.
  fromTar ? [ ],
  # Directories to create, with mode and owner: { path, mode, uid, gid, uname, gname }, where path is an
  # absolute path of the image, or a store path with the directory dir.
  ensureDirs ? [ ],
  # A precomputed split of the closure: a JSON file with an array of arrays of store paths. It replaces
  # maxLayers.
  layersFile ? null,
  # "gzip", "zstd" or "zstd:chunked": stores the layers compressed, so that pushes send them unchanged.
  compressor ? null,
  # The compression level: 1 to 9 for gzip, 1 to 19 for zstd.
  compressionLevel ? null,
  # Whether to store a witness, which records the files of the layers, so that 'strata verify' can name
  # those that have changed.
  witness ? false,
}@args:
let
  own = ownLayers {
    inherit
      compressionLevel
      compressor
      deps
      ensureDirs
      excludes
      fromTar
      includeStorePaths
      layering
      layersFile
      maxLayers
      metadata
      permsFile
      witness
      ;
    perms = if perms == null then [ ] else perms;
    rootPaths = lists.toRoot { inherit copyToRoot contents; };
    ignored = if ignore == null then [ ] else lib.toList ignore;
    parents = layers;
  };
  command =
    if reproducible then
      "layers-from-reproducible-storepaths"
    else
      "layers-from-non-reproducible-storepaths --tar-directory $out";

  layer = pkgs.runCommandLocal "layers.json" own.attributes ''
    ${checks.buildLayer args}${own.writeFiles}
    mkdir $out
    ${strata}/bin/strata ${command} ${own.options}${lib.optionalString witness " --witness $out/witness"} $out/layers.json "$graph"
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
