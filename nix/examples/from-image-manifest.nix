# An image based on one that was pulled by manifest. Each of its layers is a separate store path.
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
