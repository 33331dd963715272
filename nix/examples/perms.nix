# Modes by regular expression. If two rules match, the later one takes precedence.
{ pkgs, nix2container }:
let
  files = pkgs.runCommand "files" { } ''
    mkdir -p $out/data
    touch $out/data/open $out/data/secret
  '';
in
nix2container.buildImage {
  name = "perms";
  copyToRoot = [ files ];
  perms = [
    {
      path = files;
      regex = "/data/.*";
      mode = "0666";
    }
    {
      path = files;
      regex = "/data/secret$";
      mode = "0600";
    }
  ];
  config.Entrypoint = [
    "${pkgs.coreutils}/bin/stat"
    "-c"
    "%a %n"
    "/data"
    "/data/open"
    "/data/secret"
  ];
}
