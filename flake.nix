{
  description = "Container images from Nix closures, without tarballs on disk";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { nixpkgs, ... }:
    let
      # Calls a function for each system on which Strata runs and that nixpkgs has.
      forEach =
        f:
        builtins.mapAttrs f (
          builtins.intersectAttrs {
            aarch64-darwin = null;
            aarch64-linux = null;
            x86_64-darwin = null;
            x86_64-linux = null;
          } nixpkgs.legacyPackages
        );
      examples =
        pkgs:
        removeAttrs
          (import ./nix/examples {
            inherit pkgs;
            inherit (import ./. { inherit pkgs; }) nix2container;
          })
          [
            "from-image"
            "from-image-manifest"
            "from-image-shallow"
            "get-manifest"
          ];
    in
    {
      packages = forEach (
        _: pkgs:
        let
          all = import ./. { inherit pkgs; };
        in
        {
          default = all.strata;
          inherit (all) nix2container-bin skopeo-nix2container strata;
          # As in the flake of nix2container, this attribute has the functions: buildImage and so on. All
          # packages of a flake are derivations, so that it is one as well.
          nix2container = all.nix2container-bin // all.nix2container;
        }
      );

      legacyPackages = forEach (_: pkgs: { examples = examples pkgs; });

      checks = forEach (_: pkgs: { image = (examples pkgs).hello; });

      overlays.default = import ./nix/overlay.nix;

      # Returns the packages and functions for other arguments: pkgs, and optionally strata or jdk.
      lib.mkStrata = import ./.;

      templates.default = {
        path = ./nix/template;
        description = "An image with a program from nixpkgs";
      };
    };
}
