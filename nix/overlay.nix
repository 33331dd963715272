# Adds to nixpkgs: strata, the functions nix2container, nix2container-bin and skopeo-nix2container.
final: _:
import ./. {
  pkgs = final;
  inherit (final) strata;
  buildStrata = final.buildPackages.strata;
}
// {
  strata = final.lib.makeOverridable (import ./package.nix) { pkgs = final; };
}
