# Only the files at the root, for images whose store is in a volume.
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
