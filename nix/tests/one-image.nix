# A small image, to count what its evaluation costs:
#
#   NIX_SHOW_STATS=1 nix-instantiate nix/tests/one-image.nix \
#     --argstr mavenRepository FOLDER --argstr javaHome JDK [--argstr strata STORE-PATH]
{
  # What nix/update-maven-hash.sh --keep leaves in a folder.
  mavenRepository ? null,
  javaHome ? null,
  # A package to use instead of one built from this source tree.
  strata ? null,
}:
let
  pkgs = import ../../fixtures/nix { inherit mavenRepository javaHome; };
  inherit (import ../.. { inherit pkgs strata; }) nix2container;
in
nix2container.buildImage {
  name = "hello";
  config.Entrypoint = [ "${pkgs.hello}/bin/hello" ];
}
