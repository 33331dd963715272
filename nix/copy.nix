# The scripts that copy an image. They pass their arguments to `strata copy`.
{ pkgs, strata }:
let
  # What writes to containers-storage: the first of Podman and Skopeo on the PATH does. On macOS, only
  # the Podman of the user can, since the storage is in its virtual machine.
  storage = pkgs.lib.optional pkgs.stdenv.hostPlatform.isLinux pkgs.skopeo;
  script =
    name: inputs: text:
    pkgs.writeShellApplication {
      inherit name text;
      runtimeInputs = [ strata ] ++ inputs;
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
    name: inputs: what: transport: image:
    withArguments (
      arguments:
      script name inputs ''
        echo "Copying ${image.imageName}:${image.imageTag} to ${what}"
        strata copy nix:${image} ${transport}${image.imageName}:${image.imageTag}${arguments} "$@"
      ''
    );
in
{
  copyToDockerDaemon = copyAs "copy-to-docker-daemon" [ ] "the Docker daemon" "docker-daemon:";
  copyToPodman = copyAs "copy-to-podman" storage "Podman" "containers-storage:";
  copyToRegistry = copyAs "copy-to-registry" [ ] "its registry" "docker://";
  copyTo =
    image:
    withArguments (
      arguments:
      script "copy-to" [ ] ''
        # For containers-storage: in case the user has neither Podman nor Skopeo.
        export PATH="$PATH${pkgs.lib.concatMapStringsSep "" (input: ":${input}/bin") storage}"
        strata copy nix:${image}${arguments} "$@"
      ''
    );
}
