# Test cases that the integration tests build and evaluate, with the miniature package set and a Strata
# that was built outside Nix.
{
  # The directory with bin/strata and lib, and the JDK that runs it.
  dist,
  javaHome,
  # "darwin" makes Strata behave as on macOS.
  platform ? null,
  # A local registry with the image base/os, and the digest, hash and manifest of that image.
  registry ? "127.0.0.1:5000",
  imageDigest ? "",
  sha256 ? "",
  imageManifest ? null,
  # The digest of base/multi, an index of three images, and the hash of one of them.
  multiDigest ? "",
  multiSha256 ? "",
  # The hash of the directory of base/os without its layers.
  shallowSha256 ? "",
  # A text that no earlier build had, for cases that must be built anew.
  unique ? "",
  # What nix/update-maven-hash.sh --keep leaves in a folder, for building Strata from source.
  mavenRepository ? null,
  # The functions of nixpkgs, to replace those of the miniature package set.
  lib ? import ../../fixtures/nix/lib.nix,
}:
let
  pkgs = import ../../fixtures/nix { inherit lib; };
  strata = import ../../fixtures/nix/built-strata.nix {
    inherit
      pkgs
      dist
      javaHome
      platform
      ;
    aotCache = true;
  };
  result = import ../.. { inherit pkgs strata; };
  inherit (result) nix2container;
  inherit (nix2container)
    buildImage
    buildLayer
    pullImage
    pullImageFromManifest
    ;

  text = pkgs.writeTextDir "etc/motd" "Welcome.\n";
  files = pkgs.runCommand "files" { } ''
    mkdir -p $out/data
    touch $out/data/one $out/data/two
  '';
  # Names that contain special characters of regular expressions.
  docs = pkgs.runCommand "docs-1.0++" { } ''
    mkdir -p $out/bin $out/share/doc/deep $out/share/a+b $out/share/aab $out/share/docs
    touch $out/bin/run $out/share/doc/deep/file $out/share/a+b/file $out/share/aab/file
    touch $out/share/docs/file
  '';
  # Members with owners and modes that a store path cannot have.
  tar = pkgs.runCommand "members.tar" { } ''
    mkdir -p srv/secret
    echo "${pkgs.hello}" >srv/secret/file.txt
    ln -s file.txt srv/secret/link
    tar -c -f $out --sort=name --mtime=@0 --owner=seven:7 --group=eight:8 --mode=u=rwx,g=s,o= srv/secret
  '';
  otherTar = pkgs.runCommand "other.tar.gz" { } ''
    mkdir -p opt etc srv/secret
    echo packed >opt/file
    echo changed >etc/motd
    echo other >srv/secret/more
    tar -c --sort=name --mtime=@0 --owner=0 --group=0 --mode=0640 opt etc srv | gzip -n >$out
  '';
  helloImage = args: buildImage ({ name = "case"; } // args);
  helloConfig.Entrypoint = [ "${pkgs.hello}/bin/hello" ];

  # The closure of the paths without one of them, written by Nix alone.
  plainGraph =
    paths: without:
    pkgs.runCommand "graph.json" {
      __structuredAttrs = true;
      exportReferencesGraph.graph = paths;
      nativeBuildInputs = [ pkgs.jq ];
    } ''
      jq --arg without "${without}" '
        .graph | map(select(.path != $without)) | map(.references |= sort) | sort_by(.path)
      ' "''${NIX_ATTRS_JSON_FILE:-.attrs.json}" >$out
    '';

  # A replacement for strata that prints its arguments.
  echoing = pkgs.writeShellScriptBin "strata" ''
    printf '%s\n' "$@"
  '';
  scripted = (import ../.. { inherit pkgs; strata = echoing; }).nix2container;
  # The scripts of an image, with the replacement for strata.
  scriptedImage =
    let
      image = buildImage {
        name = "Registry.example/Team/App";
        tag = "v7";
        config = helloConfig;
      };
      copy = import ../copy.nix {
        inherit pkgs;
        strata = echoing;
      };
    in
    {
      inherit image;
      docker = copy.copyToDockerDaemon image;
      podman = copy.copyToPodman image;
      registry = copy.copyToRegistry image;
      to = copy.copyTo image;
      registryWithArguments = (copy.copyToRegistry image).withArguments [
        "--dest-compress-format"
        "none of it"
      ];
      toWithArguments = (copy.copyTo image).withArguments [ "--quiet" ];
    };

  # Layers on top of each other, each with one path of its own.
  chain =
    length:
    let
      last = builtins.foldl' (
        below: number:
        buildLayer {
          deps = [ (pkgs.writeText "part-${toString number}" "part ${toString number}\n") ];
          layers = lib.optional (below != null) below;
        }
      ) null (builtins.genList (n: n + 1) length);
    in
    buildImage {
      name = "chain";
      layers = [ last ];
    };
  # Each layer is on top of the two before it, so that the number of ways to the lowest layer grows
  # like the Fibonacci numbers.
  lattice =
    length:
    let
      final =
        builtins.foldl'
          (
            two: number:
            let
              next = buildLayer {
                deps = [ (pkgs.writeText "knot-${toString number}" "knot ${toString number}\n") ];
                layers = two;
              };
              last = if two == [ ] then [ ] else [ (builtins.elemAt two (lib.length two - 1)) ];
            in
            last ++ [ next ]
          )
          [ ]
          (builtins.genList (n: n + 1) length);
    in
    buildImage {
      name = "lattice";
      layers = final;
    };
in
{
  inherit (result) nix2container-bin skopeo-nix2container strata;
  examples = import ../examples { inherit pkgs nix2container; };

  mistakes = import ./cases/mistakes.nix { inherit pkgs nix2container; };

  functions = builtins.attrNames nix2container;
  unexpectedOfLib = import ./lib.nix { inherit lib; };
  arguments = builtins.mapAttrs (_: f: builtins.attrNames (builtins.functionArgs f)) nix2container;

  package = import ./cases/package.nix { inherit javaHome lib mavenRepository; };

  image = {
    plain = helloImage { config = helloConfig; };
    name = helloImage { name = "Registry.example/Team/App"; };
    tag = helloImage { tag = "v7"; };
    config = helloImage {
      config = {
        User = "someone";
        Env = [ "A=b" ];
      };
    };
    created = helloImage { created = "2025-02-03T04:05:06Z"; };
    arch = helloImage { arch = "riscv64"; };
    meta = helloImage { meta.description = "A case."; };
    copyToRoot = helloImage { copyToRoot = text; };
    copyToRootList = helloImage {
      copyToRoot = [
        text
        files
      ];
    };
    contents = helloImage { contents = [ text ]; };
    both = helloImage {
      contents = [ text ];
      copyToRoot = text;
    };
    perms = helloImage {
      copyToRoot = files;
      perms = [
        {
          path = files;
          regex = "/data/one$";
          mode = "0640";
          uid = 7;
          gid = 8;
          uname = "seven";
          gname = "eight";
        }
      ];
    };
    maxLayers = helloImage {
      config = helloConfig;
      maxLayers = 3;
    };
    layers = helloImage {
      config = helloConfig;
      layers = [ (buildLayer { deps = [ pkgs.bash ]; }) ];
    };
    fromImage = helloImage {
      copyToRoot = files;
      fromImage = helloImage { copyToRoot = text; };
    };
    ensureDirs = helloImage {
      copyToRoot = files;
      ensureDirs = [
        {
          path = "/tmp";
          mode = "1777";
        }
        {
          path = "/home/a.b/";
          mode = "0700";
          uid = 7;
          gid = 8;
          uname = "seven";
          gname = "eight";
        }
        { path = "/srv"; }
      ];
    };
    includeStorePaths = helloImage {
      config = helloConfig;
      copyToRoot = pkgs.buildEnv {
        name = "root";
        paths = [ pkgs.hello ];
      };
      includeStorePaths = false;
    };
    filesWithoutStorePaths = helloImage {
      copyToRoot = [ ./cases ];
      includeStorePaths = false;
    };
    excludes = helloImage {
      copyToRoot = files;
      config.Entrypoint = [ "${docs}/bin/run" ];
      excludes = [
        "${files}/data/one"
        "${docs}/share/doc/"
        "${docs}/share/a+b"
      ];
    };
    excludesElsewhere = helloImage {
      copyToRoot = files;
      excludes = [ "${docs}/share" ];
    };
    fromTar = helloImage {
      copyToRoot = text;
      fromTar = tar;
      perms = [
        {
          path = text;
          regex = "/etc/motd$";
          mode = "0600";
        }
      ];
    };
    fromTars = helloImage {
      copyToRoot = text;
      fromTar = [
        tar
        otherTar
      ];
    };
    layersFile = helloImage {
      config = helloConfig;
      layersFile = pkgs.writeText "split.json" (
        builtins.toJSON [
          [
            "${pkgs.readline}"
            "${pkgs.bash}"
          ]
          [ "${pkgs.hello}" ]
        ]
      );
    };
    layering = helloImage {
      config = helloConfig;
      maxLayers = 2;
      layering = "by-size";
    };
    # One with a derivation for each layer, and one without.
    spread = import ./cases/spread.nix {
      inherit pkgs text unique;
      image = helloImage;
      config = helloConfig;
    };
    layersFileOfAnother = helloImage {
      config = helloConfig;
      layersFile = pkgs.writeText "split.json" (builtins.toJSON [ [ "${pkgs.jq}" ] ]);
    };
    layersFileAndMaxLayers = helloImage {
      config = helloConfig;
      maxLayers = 3;
      layersFile = pkgs.writeText "split.json" (builtins.toJSON [ [ "${pkgs.bash}" ] ]);
    };
    compressor = helloImage {
      copyToRoot = text;
      compressor = "zstd";
      compressionLevel = 19;
      ensureDirs = [ { path = "/tmp"; } ];
      initializeNixDatabase = true;
      separateNixDatabase = true;
    };
    witness = helloImage {
      config = helloConfig;
      witness = true;
    };
    compressionLevelTooHigh = helloImage {
      copyToRoot = text;
      compressor = "gzip";
      compressionLevel = 99;
    };
    compressorUnknown = helloImage {
      copyToRoot = text;
      compressor = "pigeon";
    };
    databaseWithoutPaths = helloImage {
      initializeNixDatabase = true;
      includeStorePaths = false;
    };
  };

  database =
    let
      args = {
        config = helloConfig;
        copyToRoot = text;
        initializeNixDatabase = true;
        layers = [ (buildLayer { deps = [ pkgs.jq ]; }) ];
      };
    in
    {
      plain = helloImage args;
      owned = helloImage (
        args
        // {
          nixUid = 1000;
          nixGid = 100;
        }
      );
      separate = helloImage (args // { separateNixDatabase = true; });
    };

  # The same paths found in two ways. The databases must be identical.
  databases =
    let
      make =
        own: below:
        import ../nix-database.nix { inherit pkgs; } {
          own = [ own ];
          moved = [ ];
          below = [ (buildLayer { deps = [ below ]; }) ];
        };
    in
    {
      one = make pkgs.hello pkgs.jq;
      two = make pkgs.jq pkgs.hello;
    };

  layer = {
    deps = buildLayer { deps = [ pkgs.hello ]; };
    copyToRoot = buildLayer { copyToRoot = text; };
    ignore = buildLayer {
      deps = [ pkgs.hello ];
      ignore = pkgs.hello;
    };
    ignoreFile = buildLayer {
      deps = [ ./lib.nix ];
      ignore = ./lib.nix;
    };
    ignoreReferenced = buildLayer {
      deps = [ pkgs.hello ];
      ignore = pkgs.bash;
    };
    layers = buildLayer {
      deps = [ pkgs.hello ];
      layers = [ (buildLayer { deps = [ pkgs.bash ]; }) ];
    };
    nonReproducible = buildLayer {
      deps = [ text ];
      reproducible = false;
    };
    perms = buildLayer {
      copyToRoot = files;
      perms = [
        {
          path = files;
          regex = "/data/one$";
          mode = "0640";
        }
      ];
    };
    maxLayers = buildLayer {
      deps = [ pkgs.hello ];
      maxLayers = 2;
    };
    contents = buildLayer { contents = [ text ]; };
    both = buildLayer {
      contents = [ text ];
      copyToRoot = text;
    };
    metadata = buildLayer {
      deps = [ text ];
      metadata = {
        created_by = "cases.nix";
        author = "A. Uthor";
        comment = "Tested.";
      };
    };
    noMetadata = buildLayer {
      deps = [ text ];
      metadata = { };
    };
    compressor = buildLayer {
      deps = [ pkgs.glibc ];
      compressor = "gzip";
    };
    compressorChunked = buildLayer {
      deps = [ pkgs.glibc ];
      compressor = "zstd:chunked";
    };
    compressionLevel = buildLayer {
      deps = [ pkgs.glibc ];
      compressor = "gzip";
      compressionLevel = 1;
    };
    witness = buildLayer {
      deps = [ pkgs.glibc ];
      witness = true;
    };
    uncompressed = buildLayer { deps = [ pkgs.glibc ]; };
    excludes = buildLayer {
      deps = [ docs ];
      excludes = [ "${docs}/share" ];
    };
    fromTar = buildLayer { fromTar = tar; };
    layering = buildLayer {
      deps = [ pkgs.hello ];
      maxLayers = 3;
      layering = "by-size";
    };
    layersFile = buildLayer {
      deps = [ pkgs.hello ];
      layersFile = pkgs.writeText "split.json" (
        builtins.toJSON [ [ "${pkgs.hello}" ] [ "${pkgs.bash}" ] ]
      );
    };
    includeStorePaths = buildLayer {
      deps = [ pkgs.jq ];
      copyToRoot = pkgs.writeTextDir "bin/link" "${pkgs.hello}";
      includeStorePaths = false;
    };
  };

  # The input files with which the command line produces the same result as the functions.
  commandLine =
    let
      parent = buildLayer { deps = [ pkgs.bash ]; };
      config = pkgs.writeText "config.json" (builtins.toJSON helloConfig);
    in
    {
      image = helloImage {
        config = helloConfig;
        copyToRoot = [ files ];
        perms = [
          {
            path = files;
            regex = "/data/one$";
            mode = "0640";
            uid = 7;
            gid = 8;
          }
        ];
        layers = [ parent ];
        maxLayers = 2;
        arch = "arm64";
        created = "2025-02-03T04:05:06Z";
      };
      inherit parent config;
      graph = plainGraph [
        config
        files
      ] config;
      parentGraph = plainGraph [ pkgs.bash ] "";
      rewrites = pkgs.writeText "rewrites.json" (
        builtins.toJSON [
          {
            path = files;
            regex = "^${files}";
            repl = "";
          }
        ]
      );
      perms = pkgs.writeText "perms.json" (
        builtins.toJSON [
          {
            path = files;
            regex = "/data/one$";
            mode = "0640";
            uid = 7;
            gid = 8;
          }
        ]
      );
      history = pkgs.writeText "history.json" (builtins.toJSON { created_by = "nix2container"; });
    };

  shapes = import ./cases/shapes.nix { inherit pkgs nix2container; };

  chain13 = chain 13;
  chain40 = chain 40;
  lattice40 = lattice 40;

  scripts = scriptedImage;

  base = buildImage {
    name = "${registry}/base/os";
    tag = "1";
    arch = "amd64";
    copyToRoot = pkgs.writeTextDir "etc/os-name" "Base OS 1\n";
    config.Env = [ "FROM_BASE=yes" ];
  };
  # Images for three platforms.
  platforms =
    let
      make =
        arch: text:
        buildImage {
          name = "multi";
          inherit arch;
          copyToRoot = pkgs.writeTextDir "etc/os-name" text;
        };
    in
    {
      one = make "amd64" "Linux on amd64";
      two = make "arm64" "Linux on arm64";
      three = make "arm64" "FreeBSD on arm64";
    };
  # The scripts and commands that pull, with a program that prints its arguments.
  pullScript = (scripted.pullImageFromManifest {
    imageName = "base/os";
    imageTag = "9";
    os = "plan9";
    arch = "mips";
    registryUrl = "registry.example";
    tlsVerify = false;
  }).getManifest;
  pullArguments =
    (pullImage {
      imageName = "registry.example/base/os";
      imageDigest = "sha256:0";
      sha256 = "0000000000000000000000000000000000000000000000000000";
      tlsVerify = false;
      os = "plan9";
      arch = "mips";
    }).folder.buildCommand;
  pullDefaults =
    (pullImage {
      imageName = "registry.example/base/os";
      imageDigest = "sha256:0";
      sha256 = "0000000000000000000000000000000000000000000000000000";
    }).folder.buildCommand;
  pull = {
    platform = pullImage {
      imageName = "${registry}/base/multi";
      imageDigest = multiDigest;
      sha256 = multiSha256;
      tlsVerify = false;
      os = "freebsd";
      arch = "arm64";
    };
    platformManifest =
      (pullImageFromManifest {
        imageName = "base/multi";
        imageTag = "2";
        registryUrl = registry;
        tlsVerify = false;
        os = "freebsd";
        arch = "arm64";
      }).getManifest;
    named = pullImage {
      imageName = "${registry}/base/os";
      inherit imageDigest sha256;
      tlsVerify = false;
      os = "linux";
      arch = "amd64";
      name = "a-name-of-our-own";
    };
    image = (import ../examples { inherit pkgs nix2container; }).from-image {
      inherit registry imageDigest sha256;
    };
    fromManifest = (import ../examples { inherit pkgs nix2container; }).from-image-manifest {
      inherit registry imageManifest;
    };
    noManifest = (import ../examples { inherit pkgs nix2container; }).get-manifest { inherit registry; };
    getManifest =
      ((import ../examples { inherit pkgs nix2container; }).get-manifest { inherit registry; }).getManifest;
  };
  shallow = import ./cases/shallow.nix {
    inherit
      pkgs
      nix2container
      registry
      imageDigest
      shallowSha256
      imageManifest
      multiDigest
      ;
  };
}
// import ./cases/darwin.nix { inherit pkgs nix2container; }
