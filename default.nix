# Entry point of Strata for Nix: the functions buildImage, buildLayer, pullImage and
# pullImageFromManifest, and the program itself. For documentation, see docs/nix/reference.md.
{
  system ? builtins.currentSystem,
  pkgs ? import <nixpkgs> { inherit system; },
  # A package with bin/strata to use instead of one built from this source tree.
  strata ? null,
  # A JDK 25 or later to build the package with.
  jdk ? null,
}:
import ./nix ({ inherit pkgs jdk; } // (if strata == null then { } else { inherit strata; }))
