# An image based on another one whose layers stay in the registry. When the image is copied to a
# repository of the same registry, they are mounted there. To print the digest, run
#
#   strata manifest --digest docker://127.0.0.1:5000/base/os:1
{
  pkgs,
  nix2container,
  registry ? "127.0.0.1:5000",
  imageDigest,
}:
nix2container.buildImage {
  name = "${registry}/from-image-shallow";
  tag = "1";
  fromImage = nix2container.pullImage {
    imageName = "${registry}/base/os";
    inherit imageDigest;
    shallow = true;
    # The local registry has no certificate.
    tlsVerify = false;
  };
  config.Entrypoint = [
    "${pkgs.coreutils}/bin/cat"
    "/etc/os-name"
  ];
}
