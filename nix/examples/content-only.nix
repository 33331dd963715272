# The files at the root and nothing else: for images that find the store in a volume.
{ pkgs, nix2container }:
nix2container.buildImage {
  name = "content-only";
  includeStorePaths = false;
  copyToRoot = pkgs.buildEnv {
    name = "root";
    paths = [ pkgs.hello ];
    pathsToLink = [ "/bin" ];
  };
  config.Entrypoint = [ "/bin/hello" ];
}
