# A package without its manual: the directory is left out of the layer but remains in the store path.
{ pkgs, nix2container }:
let
  tool = pkgs.runCommand "tool" { } ''
    mkdir -p $out/bin $out/share/man $out/share/manifests
    ln -s ${pkgs.hello}/bin/hello $out/bin/tool
    echo "How to use the tool." >$out/share/man/tool.txt
    echo "Not a manual." >$out/share/manifests/tool.txt
  '';
in
nix2container.buildImage {
  name = "excludes";
  excludes = [ "${tool}/share/man" ];
  config.Entrypoint = [
    "${pkgs.busybox}/bin/busybox"
    "find"
    "${tool}"
    "-name"
    "*.txt"
  ];
}
