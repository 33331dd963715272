# The scripts that copy an image. They pass their arguments to `strata copy`.
{ pkgs, strata }:
let
  script =
    name: text:
    pkgs.writeShellApplication {
      inherit name text;
      runtimeInputs = [ strata ];
    };
  copyAs =
    name: what: transport: image:
    script name ''
      echo "Copying ${image.imageName}:${image.imageTag} to ${what}"
      strata copy nix:${image} ${transport}${image.imageName}:${image.imageTag} "$@"
    '';
in
{
  copyToDockerDaemon = copyAs "copy-to-docker-daemon" "the Docker daemon" "docker-daemon:";
  copyToPodman = copyAs "copy-to-podman" "Podman" "containers-storage:";
  copyToRegistry = copyAs "copy-to-registry" "its registry" "docker://";
  copyTo =
    image:
    script "copy-to" ''
      strata copy nix:${image} "$@"
    '';
}
