# The scripts that copy an image. They pass their arguments to `strata copy`.
{ pkgs, strata }:
let
  script =
    name: text:
    pkgs.writeShellApplication {
      inherit name text;
      runtimeInputs = [ strata ];
    };
  # A script has a function withArguments, which makes one that always passes further arguments.
  withArguments =
    make:
    let
      of =
        arguments:
        make (if arguments == [ ] then "" else " ${pkgs.lib.escapeShellArgs arguments}")
        // {
          withArguments = more: of (arguments ++ more);
        };
    in
    of [ ];
  copyAs =
    name: what: transport: image:
    withArguments (
      arguments:
      script name ''
        echo "Copying ${image.imageName}:${image.imageTag} to ${what}"
        strata copy nix:${image} ${transport}${image.imageName}:${image.imageTag}${arguments} "$@"
      ''
    );
in
{
  copyToDockerDaemon = copyAs "copy-to-docker-daemon" "the Docker daemon" "docker-daemon:";
  copyToPodman = copyAs "copy-to-podman" "Podman" "containers-storage:";
  copyToRegistry = copyAs "copy-to-registry" "its registry" "docker://";
  copyTo =
    image:
    withArguments (
      arguments:
      script "copy-to" ''
        strata copy nix:${image}${arguments} "$@"
      ''
    );
}
