# An image with GNU Hello.
#
#   nix build                                   describes the image
#   nix run .#image.copyToPodman                copies it to Podman; copyToDockerDaemon, to Docker
#   nix run .#image.copyTo -- oci:folder        copies it to a folder, or anywhere else
{
  description = "An image with a program from nixpkgs";

  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    strata.url = "git+https://example.org/strata.git";
    strata.inputs.nixpkgs.follows = "nixpkgs";
  };

  outputs =
    { nixpkgs, strata, ... }:
    {
      packages = builtins.mapAttrs (
        system: tools:
        let
          inherit (tools.nix2container) buildImage buildLayer;
          # The image contains programs for Linux, even if it is built on a Mac.
          pkgs = nixpkgs.legacyPackages.${builtins.replaceStrings [ "darwin" ] [ "linux" ] system};
          # What changes less often than the program gets a layer of its own.
          base = buildLayer { deps = [ pkgs.bashInteractive ]; };
        in
        rec {
          default = image;
          image = buildImage {
            name = "hello";
            layers = [ base ];
            config.Entrypoint = [ "${pkgs.hello}/bin/hello" ];
          };
        }
      ) strata.packages;
    };
}
