# Packages whose files are copied to the root, rather than linked. What they refer to stays in the
# store.
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
