# Up to three layers, the most wanted paths each in one of its own.
{ pkgs, nix2container }:
nix2container.buildImage {
  name = "layered";
  config.Entrypoint = [ "${pkgs.hello}/bin/hello" ];
  maxLayers = 3;
}
