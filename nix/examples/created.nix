# An image with a creation time.
{ pkgs, nix2container }:
nix2container.buildImage {
  name = "created";
  created = "2025-02-03T04:05:06Z";
  config.Entrypoint = [ "${pkgs.hello}/bin/hello" ];
}
