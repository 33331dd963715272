# Assembles the functions. Users import ../default.nix, ../flake.nix or ./overlay.nix.
{
  pkgs,
  # The JDK of the package, for programs that will run on the platform of pkgs.
  jdk ? null,
  # The program for the platform of pkgs.
  strata ? pkgs.lib.makeOverridable (import ./package.nix) (
    { inherit pkgs; } // (if jdk == null then { } else { inherit jdk; })
  ),
  # The program that builds and copies images. It runs where pkgs are built.
  buildStrata ?
    if pkgs.stdenv.buildPlatform.canExecute pkgs.stdenv.hostPlatform then
      strata
    else
      import ./package.nix { pkgs = pkgs.buildPackages; },
}:
let
  tools = {
    inherit pkgs;
    strata = buildStrata;
  };
in
{
  inherit strata;

  skopeo-nix2container = import ./skopeo.nix { inherit pkgs strata; };

  # Strata under the name of the program it replaces.
  nix2container-bin =
    pkgs.runCommandLocal "nix2container-bin"
      {
        meta = strata.meta or { } // {
          mainProgram = "nix2container";
        };
      }
      ''
        mkdir -p $out/bin
        ln -s ${strata}/bin/strata $out/bin/nix2container
        ln -s ${strata}/bin/strata $out/bin/strata
      '';

  nix2container = {
    buildImage = import ./build-image.nix tools;
    buildLayer = import ./build-layer.nix tools;
    pullImage = import ./pull-image.nix tools;
    pullImageFromManifest = import ./pull-image-from-manifest.nix tools;
  };
}
