# Assembles the functions. Users import ../default.nix or ../flake.nix.
{
  pkgs,
  strata ? import ./package.nix { inherit pkgs; },
}:
let
  skopeo-nix2container = import ./skopeo.nix { inherit pkgs strata; };
in
{
  inherit strata skopeo-nix2container;

  # Strata under the name of the program it replaces.
  nix2container-bin =
    pkgs.runCommandLocal "nix2container-bin" { meta.mainProgram = "nix2container"; }
      ''
        mkdir -p $out/bin
        ln -s ${strata}/bin/strata $out/bin/nix2container
        ln -s ${strata}/bin/strata $out/bin/strata
      '';

  nix2container = {
    buildImage = import ./build-image.nix { inherit pkgs strata; };
    buildLayer = import ./build-layer.nix { inherit pkgs strata; };
    pullImage = import ./pull-image.nix { inherit pkgs strata; };
    pullImageFromManifest = import ./pull-image-from-manifest.nix { inherit pkgs strata; };
  };
}
