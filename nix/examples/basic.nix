# The minimal image: a name and a command. The image contains the closure of the store paths in the
# configuration.
{ pkgs, nix2container }:
nix2container.buildImage {
  name = "basic";
  config.Entrypoint = [ "${pkgs.hello}/bin/hello" ];
}
