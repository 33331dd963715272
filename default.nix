# Entry point of Strata for Nix: the functions buildImage, buildLayer, pullImage and
# pullImageFromManifest, and the program itself. For documentation, see docs/nix/reference.md.
{
  system ? builtins.currentSystem,
  pkgs ? import <nixpkgs> { inherit system; },
  # A package with bin/strata to use instead of one built from this source tree.
  strata ? null,
}:
import ./nix ({ inherit pkgs; } // (if strata == null then { } else { inherit strata; }))
