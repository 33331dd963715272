# The Nix database in a layer of its own. Another path of the image also sets modes below /nix/var,
# which would be a conflict within a single layer.
{ pkgs, nix2container }:
let
  profiles = pkgs.runCommand "profiles" { } ''
    mkdir -p $out/nix/var/nix/profiles
  '';
in
nix2container.buildImage {
  name = "separate-database";
  initializeNixDatabase = true;
  separateNixDatabase = true;
  copyToRoot = [
    profiles
    pkgs.busybox
  ];
  perms = [
    {
      path = profiles;
      regex = "/nix/var/nix/profiles$";
      mode = "0775";
    }
  ];
  config.Entrypoint = [
    "/bin/busybox"
    "stat"
    "-c"
    "%a %n"
    "/nix/var/nix/profiles"
    "/nix/var/nix/db"
  ];
}
