# An image based on a pulled image. To print the digest and the hash, run
#
#   strata pull docker://127.0.0.1:5000/base/os:1 os && nix-hash --type sha256 --base32 os
{
  pkgs,
  nix2container,
  registry ? "127.0.0.1:5000",
  imageDigest,
  sha256,
}:
let
  base = nix2container.pullImage {
    imageName = "${registry}/base/os";
    inherit imageDigest sha256;
    # The local registry has no certificate.
    tlsVerify = false;
  };
in
nix2container.buildImage {
  name = "from-image";
  fromImage = base;
  config.Entrypoint = [
    "${pkgs.coreutils}/bin/cat"
    "/etc/os-name"
  ];
}
