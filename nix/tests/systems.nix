# Evaluates every function and every example on each system that the flake supports, without building
# anything: the paths of the derivations, by system and name. The package set takes its files from this
# machine; only the system of the derivations is another one.
#
#   nix-instantiate --eval --strict --json --read-write-mode nix/tests/systems.nix
let
  zeros = count: builtins.concatStringsSep "" (builtins.genList (_: "0") count);
  path = image: builtins.unsafeDiscardStringContext image.drvPath;
  on =
    system:
    let
      pkgs = import ../../fixtures/nix { inherit system; };
      strata = pkgs.writeShellScriptBin "strata" "exit 1";
      all = import ../.. { inherit system pkgs strata; };
      inherit (all) nix2container;
      examples = import ../examples { inherit pkgs nix2container; };
      base = {
        registry = "registry.example";
        imageDigest = "sha256:${zeros 64}";
        sha256 = zeros 52;
      };
      pulled = examples.from-image base;
      fromManifest = examples.from-image-manifest {
        inherit (base) registry;
        imageManifest = builtins.toFile "manifest.json" (
          builtins.toJSON {
            config.digest = "sha256:${zeros 64}";
            layers = [ ];
          }
        );
      };
      functions = builtins.filter (name: builtins.isFunction examples.${name}) (
        builtins.attrNames examples
      );
      image = nix2container.buildImage {
        name = "app";
        fromImage = pulled;
        # Contents come from a Linux machine, wherever the image is put together.
        copyToRoot = (import ../../fixtures/nix { system = linux; }).hello;
        initializeNixDatabase = true;
        fromTar = pkgs.runCommand "app.tar" { } "exit 1";
        ensureDirs = [ { path = "/data"; } ];
        layers = [ (nix2container.buildLayer { deps = [ pkgs.hello ]; }) ];
      };
      linux = builtins.replaceStrings [ "darwin" ] [ "linux" ] system;
    in
    builtins.mapAttrs (_: path) (removeAttrs examples functions)
    // {
      inherit system;
      arch = builtins.head (
        builtins.match ".* --arch ([a-z0-9]+) .*" (
          builtins.replaceStrings [ "\\\n" ] [ " " ] image.buildCommand
        )
      );
      from-image = path pulled;
      from-image-manifest = path fromManifest;
      get-manifest = path (examples.get-manifest { inherit (base) registry; }).getManifest;
      function-with-all = path image;
      copyToDockerDaemon = path image.copyToDockerDaemon;
      copyToPodman = path image.copyToPodman;
      copyToRegistry = path image.copyToRegistry;
      copyTo = path image.copyTo;
      nix2container-bin = path all.nix2container-bin;
      skopeo-nix2container = path all.skopeo-nix2container;
    };
in
map on [
  "aarch64-darwin"
  "aarch64-linux"
  "x86_64-darwin"
  "x86_64-linux"
]
