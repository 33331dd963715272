# The package and the ways to install it. See PackageIT.
{
  lib,
  javaHome,
  mavenRepository,
}:
let
  packageSet =
    more: import ../../../fixtures/nix ({ inherit javaHome lib mavenRepository; } // more);
  pkgs = packageSet { };
  cross = packageSet { crossSystem = "aarch64-linux"; };
  forCross = import ../../.. { pkgs = cross; };
  overlaid =
    pkgs
    // import ../../overlay.nix overlaid pkgs
    // {
      buildPackages = overlaid;
    };

  # A JDK whose jlink writes down its arguments, and a library that names what only the build needs.
  fakeJdk =
    pkgs.runCommand "fake-jdk" { } ''
      mkdir -p $out/bin $out/jmods
      cat >$out/bin/jlink <<'END'
      #!${pkgs.runtimeShell}
      for argument; do
        [ "$before" != --output ] || output=$argument
        before=$argument
      done
      mkdir -p $output/lib
      printf '%s\n' "$@" >$output/arguments
      echo "a compiler in ${pkgs.stdenv.cc.cc}, a shell in ${pkgs.runtimeShell}" >$output/lib/library
      END
      chmod +x $out/bin/jlink
    ''
    // {
      version = "25";
    };
in
{
  # The result if users specify only a package set.
  fromSources = (import ../../.. { inherit pkgs; }).strata;

  overlay = {
    inherit (overlaid) strata skopeo-nix2container nix2container-bin;
    functions = builtins.attrNames overlaid.nix2container;
  };
  otherModules = (import ../../.. { inherit pkgs; }).strata.override {
    modules = [ "java.base" ];
  };
  otherJdk =
    (import ../../.. {
      inherit pkgs;
      jdk = fakeJdk;
    }).strata.runtime;

  # An image for another platform: its program runs there, but what builds it runs here.
  cross = rec {
    inherit (forCross) strata;
    image = forCross.nix2container.buildImage {
      name = "cross";
      config.Entrypoint = [ "${cross.hello}/bin/hello" ];
    };
    # The derivations whose results the build of the image uses.
    inputs = builtins.attrNames (builtins.getContext image.buildCommand);
    arch = import ../../platform.nix cross.stdenv.hostPlatform.system;
  };
}
