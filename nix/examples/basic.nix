# The least an image needs: a name and what to run. Everything that the configuration names, and all
# it refers to, comes along.
{ pkgs, nix2container }:
nix2container.buildImage {
  name = "basic";
  config.Entrypoint = [ "${pkgs.hello}/bin/hello" ];
}
