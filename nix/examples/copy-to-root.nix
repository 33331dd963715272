# Packages whose files are copied to the root instead of being linked. Their dependencies remain in
# the store.
{ pkgs, nix2container }:
nix2container.buildImage {
  name = "copy-to-root";
  copyToRoot = [
    pkgs.coreutils
    pkgs.hello
  ];
  config.Entrypoint = [
    "/bin/hello"
    "From the root."
  ];
}
