# A path that is another one each time it is built: its layer is kept as a tar.
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
