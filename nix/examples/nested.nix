# A layer that stands on two others, which happen to be the same one: it is in the image once.
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
