# Up to three layers, with the most popular paths in separate layers.
{ pkgs, nix2container }:
nix2container.buildImage {
  name = "layered";
  config.Entrypoint = [ "${pkgs.hello}/bin/hello" ];
  maxLayers = 3;
}
