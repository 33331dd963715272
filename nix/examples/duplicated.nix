# A layer that is listed three times but occurs only once in the image.
{ pkgs, nix2container }:
let
  libraries = nix2container.buildLayer { deps = [ pkgs.readline ]; };
in
nix2container.buildImage {
  name = "duplicated";
  config.Entrypoint = [ "${pkgs.hello}/bin/hello" ];
  layers = [
    libraries
    (nix2container.buildLayer {
      layers = [
        libraries
        (nix2container.buildLayer { deps = [ pkgs.readline ]; })
      ];
    })
  ];
}
