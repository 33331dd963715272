# Nix inside an image: its database knows every path of the image, those of other layers too.
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
