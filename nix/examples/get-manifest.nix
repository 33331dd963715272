# The script getManifest prints the manifest for from-image-manifest.nix:
#
#   $(nix-build -A getManifest …)/bin/get-manifest >manifest.json
{
  nix2container,
  registry ? "127.0.0.1:5000",
}:
nix2container.pullImageFromManifest {
  imageName = "base/os";
  imageTag = "1";
  os = "linux";
  arch = "amd64";
  registryUrl = registry;
  tlsVerify = false;
}
