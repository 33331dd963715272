# The Nix database in a layer of its own. Another path of the image has modes for /nix/var too, which
# in one layer would be a conflict.
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
