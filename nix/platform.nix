# Maps the architecture names of Nix to those of OCI, which are Go's:
# https://github.com/opencontainers/image-spec/blob/main/image-index.md (platform.architecture).
let
  names = {
    aarch64 = "arm64";
    armv5tel = "arm";
    armv6l = "arm";
    armv7a = "arm";
    armv7l = "arm";
    i686 = "386";
    loongarch64 = "loong64";
    powerpc64le = "ppc64le";
    x86_64 = "amd64";
  };
in
system:
let
  cpu = builtins.head (builtins.split "-" system);
in
names.${cpu} or cpu
