# A path that differs from build to build, so that its layer is stored as a tar file.
{ pkgs, nix2container }:
let
  stamp = pkgs.runCommand "stamp" { } ''
    echo "Built by process $$ at $(date +%s.%N)" >$out
  '';
in
nix2container.buildImage {
  name = "non-reproducible";
  config.Entrypoint = [
    "${pkgs.coreutils}/bin/cat"
    "${stamp}"
  ];
  layers = [
    (nix2container.buildLayer {
      deps = [ stamp ];
      reproducible = false;
    })
  ];
}
