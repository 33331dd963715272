# The scripts that copy an image. They pass their arguments to `strata copy`.
{ pkgs, strata }:
let
  script =
    name: inputs: text:
    pkgs.writeShellApplication {
      inherit name text;
      runtimeInputs = [ strata ] ++ inputs;
    };
  copyAs =
    name: inputs: what: transport: image:
    script name inputs ''
      echo "Copying ${image.imageName}:${image.imageTag} to ${what}"
      strata copy nix:${image} ${transport}${image.imageName}:${image.imageTag} "$@"
    '';
in
{
  copyToDockerDaemon = copyAs "copy-to-docker-daemon" [ ] "the Docker daemon" "docker-daemon:";
  # Skopeo is the program that pulls the image, since it is first on the PATH.
  copyToPodman = copyAs "copy-to-podman" [ pkgs.skopeo ] "Podman" "containers-storage:";
  copyToRegistry = copyAs "copy-to-registry" [ ] "its registry" "docker://";
  copyTo =
    image:
    script "copy-to" [ ] ''
      # For containers-storage: in case the user has neither Podman nor Skopeo.
      export PATH="$PATH:${pkgs.skopeo}/bin"
      strata copy nix:${image} "$@"
    '';
}
