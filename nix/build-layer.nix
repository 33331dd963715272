# buildLayer; docs/nix/reference.md has its arguments with an example each.
{ pkgs, strata }:
let
  lib = pkgs.lib;
  lists = import ./lists.nix { inherit lib; };
  closureGraph = import ./closure-graph.nix { inherit pkgs; };
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
}:
let
  rootPaths = lists.toRoot { inherit copyToRoot contents; };
  graph = closureGraph (
    {
      ignored = if ignore == null then [ ] else lib.toList ignore;
    }
    // (
      if includeStorePaths then
        { paths = deps ++ rootPaths; }
      else
        {
          paths = rootPaths;
          alone = true;
        }
    )
  );
  rewrites = pkgs.writeText "rewrites.json" (
    builtins.toJSON (
      map (path: {
        inherit path;
        regex = "^${path}";
        repl = "";
      }) rootPaths
    )
  );
  options = [
    "--max-layers ${toString maxLayers}"
    "--rewrites ${rewrites}"
  ]
  ++ lib.optional (perms != [ ]) "--perms ${pkgs.writeText "perms.json" (builtins.toJSON perms)}"
  ++ lib.optional (
    metadata != { }
  ) "--history ${pkgs.writeText "history.json" (builtins.toJSON metadata)}"
  ++ lib.optional (!reproducible) "--tar-directory $out";
  command =
    if reproducible then
      "layers-from-reproducible-storepaths"
    else
      "layers-from-non-reproducible-storepaths";

  layer =
    pkgs.runCommandLocal "layers.json"
      {
        parents = lists.layersFiles layers;
        passAsFile = [ "parents" ];
      }
      ''
        mkdir $out
        readarray -t parents <"$parentsPath"
        ${strata}/bin/strata ${command} ${lib.concatStringsSep " " options} \
          $out/layers.json ${graph} "''${parents[@]}"
      '';
in
lists.checked { inherit copyToRoot contents; } (
  layer
  // {
    nestedLayers = lists.distinct (lib.concatMap (below: below.nestedLayers) layers ++ layers);
  }
)
