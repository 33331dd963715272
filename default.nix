# Strata for Nix: buildImage, buildLayer, pullImage and pullImageFromManifest, and the program itself.
# docs/nix/reference.md describes every function and argument.
{
  system ? builtins.currentSystem,
  pkgs ? import <nixpkgs> { inherit system; },
  # The program to use instead of one built from these sources: anything with bin/strata.
  strata ? null,
}:
import ./nix ({ inherit pkgs; } // (if strata == null then { } else { inherit strata; }))
