# Layers that are compressed once, when they are built, and sent unchanged afterwards.
{ pkgs, nix2container }:
nix2container.buildImage {
  name = "compressed";
  compressor = "zstd";
  config.Entrypoint = [ "${pkgs.hello}/bin/hello" ];
  layers = [
    (nix2container.buildLayer {
      deps = [ pkgs.bash ];
      compressor = "gzip";
      compressionLevel = 9;
    })
  ];
}
