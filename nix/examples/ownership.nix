# A file with an owner other than root.
{ pkgs, nix2container }:
let
  files = pkgs.runCommand "files" { } ''
    mkdir -p $out/data
    touch $out/data/mine $out/data/roots
  '';
in
nix2container.buildImage {
  name = "ownership";
  copyToRoot = [ files ];
  perms = [
    {
      path = files;
      regex = "/data/mine$";
      uid = 1001;
      gid = 1002;
      uname = "someone";
      gname = "somegroup";
    }
  ];
  config.Entrypoint = [
    "${pkgs.coreutils}/bin/stat"
    "-c"
    "%n %u:%g"
    "/data/mine"
    "/data/roots"
  ];
}
