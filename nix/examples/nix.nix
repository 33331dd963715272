# Nix inside an image. Its database contains every path of the image, including those of other layers.
{ pkgs, nix2container }:
nix2container.buildImage {
  name = "nix";
  initializeNixDatabase = true;
  copyToRoot = pkgs.buildEnv {
    name = "root";
    paths = [
      pkgs.bash
      pkgs.coreutils
      pkgs.nix
    ];
    pathsToLink = [ "/bin" ];
  };
  layers = [ (nix2container.buildLayer { deps = [ pkgs.hello ]; }) ];
  config = {
    Cmd = [
      "/bin/nix-store"
      "-qR"
      "${pkgs.hello}"
    ];
    Env = [
      "HOME=/"
      "NIX_REMOTE=local"
      "PATH=/bin"
      "USER=root"
    ];
  };
}
