# A layer on top of two identical layers, which occur only once in the image.
{ pkgs, nix2container }:
let
  base = nix2container.buildLayer { deps = [ pkgs.glibc ]; };
  shell = nix2container.buildLayer {
    copyToRoot = pkgs.buildEnv {
      name = "root";
      paths = [ pkgs.bashInteractive ];
      pathsToLink = [ "/bin" ];
    };
    layers = [
      base
      (nix2container.buildLayer { deps = [ pkgs.glibc ]; })
    ];
  };
in
nix2container.buildImage {
  name = "nested";
  config.Entrypoint = [
    "/bin/bash"
    "-c"
    "${pkgs.hello}/bin/hello"
  ];
  layers = [ shell ];
}
