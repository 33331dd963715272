# Layers split as specified by a file. A program can generate it based on sizes, for instance, or on how
# often paths change. This example uses jq to separate the C library from the rest of the closure.
{ pkgs, nix2container }:
let
  split = pkgs.runCommand "split.json" {
    __structuredAttrs = true;
    exportReferencesGraph.graph = [ pkgs.hello ];
    nativeBuildInputs = [ pkgs.jq ];
  } ''
    jq --arg libc ${pkgs.glibc} '
      .graph | map(.path) | [[$libc], (. - [$libc])]
    ' "''${NIX_ATTRS_JSON_FILE:-.attrs.json}" >$out
  '';
in
nix2container.buildImage {
  name = "layers-file";
  layersFile = split;
  config.Entrypoint = [ "${pkgs.hello}/bin/hello" ];
}
