# A /tmp directory that is writable for everyone.
{ pkgs, nix2container }:
let
  tmp = pkgs.runCommand "tmp" { } ''
    mkdir -p $out/tmp
  '';
in
nix2container.buildImage {
  name = "openbar";
  copyToRoot = [ tmp ];
  perms = [
    {
      path = tmp;
      regex = "/tmp$";
      mode = "1777";
    }
  ];
  config.Entrypoint = [
    "${pkgs.coreutils}/bin/stat"
    "-c"
    "%a %n"
    "/tmp"
  ];
}
