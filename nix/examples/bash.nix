# Programs in /bin as symbolic links to the store.
{ pkgs, nix2container }:
nix2container.buildImage {
  name = "bash";
  copyToRoot = pkgs.buildEnv {
    name = "root";
    paths = [
      pkgs.bashInteractive
      pkgs.coreutils
    ];
    pathsToLink = [ "/bin" ];
  };
  config = {
    Cmd = [ "/bin/bash" ];
    Env = [ "PATH=/bin" ];
  };
}
