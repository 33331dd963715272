# An image on top of one that a manifest names: each layer is a store path of its own, fetched once.
{
  pkgs,
  nix2container,
  registry ? "127.0.0.1:5000",
  imageManifest,
}:
let
  base = nix2container.pullImageFromManifest {
    imageName = "base/os";
    imageTag = "1";
    inherit imageManifest;
    registryUrl = registry;
    tlsVerify = false;
  };
in
nix2container.buildImage {
  name = "from-image-manifest";
  fromImage = base;
  config.Entrypoint = [
    "${pkgs.coreutils}/bin/cat"
    "/etc/os-name"
  ];
}
