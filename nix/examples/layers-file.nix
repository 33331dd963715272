# Layers split by a file. A program of your own may write it, from sizes, or from how often paths
# change; here it is jq: the C library alone, then all else that is in the closure.
{ pkgs, nix2container }:
let
  split = pkgs.runCommand "split.json" {
    __structuredAttrs = true;
    exportReferencesGraph.graph = [ pkgs.hello ];
    nativeBuildInputs = [ pkgs.jq ];
  } ''
    jq --arg libc ${pkgs.glibc} '
      .graph | map(.path) | [[$libc], (. - [$libc])]
    ' "''${NIX_ATTRS_JSON_FILE:-.attrs.json}" >$out
  '';
in
nix2container.buildImage {
  name = "layers-file";
  layersFile = split;
  config.Entrypoint = [ "${pkgs.hello}/bin/hello" ];
}
