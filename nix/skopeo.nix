# bin/skopeo: Strata for nix: images, the real Skopeo for everything else.
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
