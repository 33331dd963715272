# bin/skopeo: Strata where an image of Nix is meant (nix:…), the real Skopeo for everything else.
{ pkgs, strata }:
pkgs.writeShellApplication {
  name = "skopeo";
  runtimeInputs = [
    strata
    pkgs.skopeo
  ];
  text = ''
    exec strata skopeo "$@"
  '';
}
