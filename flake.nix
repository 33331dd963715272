{
  description = "Container images from Nix closures, without tarballs on disk";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [
        "aarch64-darwin"
        "aarch64-linux"
        "x86_64-darwin"
        "x86_64-linux"
      ];
      forEach =
        f:
        builtins.listToAttrs (
          map (system: {
            name = system;
            value = f system;
          }) systems
        );
      parts =
        system:
        import ./. {
          inherit system;
          pkgs = nixpkgs.legacyPackages.${system};
        };
    in
    {
      packages = forEach (
        system:
        let
          all = parts system;
        in
        {
          default = all.strata;
          # As in the flake of nix2container, this attribute is a set of functions, not a package.
          inherit (all)
            nix2container
            nix2container-bin
            skopeo-nix2container
            strata
            ;
          examples = removeAttrs (import ./nix/examples {
            pkgs = nixpkgs.legacyPackages.${system};
            inherit (all) nix2container;
          }) [
            "from-image"
            "from-image-manifest"
            "get-manifest"
          ];
        }
      );
    };
}
