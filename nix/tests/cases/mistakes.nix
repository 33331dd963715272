# Mistakes of users, each with the line that Nix prints: an error, or a warning if nix2container accepts
# the same. docs/nix/mistakes.md lists the lines.
{ pkgs, nix2container, ... }:
let
  inherit (nix2container)
    buildImage
    buildLayer
    pullImage
    pullImageFromManifest
    ;
  image = args: buildImage ({ name = "case"; } // args);
  layer = buildLayer { deps = [ pkgs.hello ]; };
  pull =
    args:
    pullImage (
      {
        imageName = "library/alpine";
        imageDigest = "sha256:${builtins.hashString "sha256" ""}";
        sha256 = builtins.hashString "sha256" "";
      }
      // args
    );
  manifest =
    args: (pullImageFromManifest ({ imageName = "library/alpine"; } // args)).getManifest;
  perm =
    args:
    image {
      copyToRoot = pkgs.hello;
      perms = [ ({ path = pkgs.hello; } // args) ];
    };
  config = config: image { inherit config; };
  # Layers below each other.
  one = buildLayer {
    deps = [ pkgs.hello ];
    layers = [ two ];
  };
  two = buildLayer {
    deps = [ pkgs.jq ];
    layers = [ one ];
  };

  error = line: mistake: { inherit line mistake; };
  warning = line: mistake: {
    inherit line mistake;
    accepted = true;
  };

  # Images whose configuration or tag depends on the image.
  selfReferring = buildImage {
    name = "case";
    tag = "v1";
    config.Env = [ "IMAGE=${selfReferring.imageName}:${selfReferring.imageTag}" ];
  };
  tagOfItsOwnHash = buildImage {
    name = "case";
    tag = "v-${builtins.substring 0 32 (baseNameOf tagOfItsOwnHash.outPath)}";
  };
  # Unusual arguments that nix2container accepts without a warning.
  accepted = buildImage {
    name = "Registry.example:5000/Team/app_1";
    config = {
      cmd = [
        pkgs.hello
        null
      ];
      USER = null;
      Volumes."/data" = null;
      labels.a = pkgs.hello;
      healthcheck = {
        test = [ "NONE" ];
        Interval = 30000000000;
        Retries = null;
      };
    };
    copyToRoot = [
      ./.
      { outPath = "${pkgs.hello}"; }
      "${./mistakes.nix}"
    ];
    maxLayers = "3";
    nixUid = "1000";
    fromImage = pkgs.runCommand "base" { } "touch $out" // {
      pname = "base";
    };
    created = "2025-02-03T04:05:06.7+01:00";
    perms = [
      {
        path = toString pkgs.hello;
        MODE = "0755";
      }
      { }
      { path = ./.; }
    ];
    layers = [
      (buildLayer {
        deps = [
          "${pkgs.hello}"
          "${pkgs.hello}/bin/hello"
          ./.
          (builtins.toFile "text" "")
        ];
        ignore = [ ];
        perms = null;
        metadata = {
          Created_By = "us";
          empty_layer = false;
        };
      })
    ];
  };

  mistakes = {
  maxLayersNull =
    error "buildImage: maxLayers must be a whole number of at least 1, not null; omit it for one layer"
      (image { maxLayers = null; });
  maxLayersText =
    error
      "buildLayer: maxLayers must be a whole number of at least 1, not \"many\"; omit it for one layer"
      (buildLayer { maxLayers = "many"; });
  maxLayersZero =
    warning
      "buildImage: maxLayers = 0 puts each store path into a layer of its own; write a number of at least 1"
      (image { maxLayers = 0; });
  maxLayersNegative =
    warning
      "buildLayer: maxLayers = -1 puts each store path into a layer of its own; write a number of at least 1"
      (buildLayer { maxLayers = -1; });

  archEmpty =
    error "buildImage: arch must be an architecture, not \"\"; write \"amd64\" or omit it"
      (image { arch = ""; });
  archOfNix =
    warning
      "buildImage: arch = \"aarch64\" is Nix's name of the architecture; write \"arm64\", its OCI name"
      (image { arch = "aarch64"; });
  createdAsDate =
    error
      "buildImage: created must be a time in RFC 3339, not \"2025-02-03\"; write \"2025-02-03T04:05:06Z\""
      (image { created = "2025-02-03"; });
  createdAsNumber =
    error "buildImage: created must be a time in RFC 3339, not 1738555506; write \"2025-02-03T04:05:06Z\""
      (image { created = 1738555506; });

  createdNull =
    error "buildImage: created must be a time in RFC 3339, not null; omit it for the default"
      (image { created = null; });

  layersImage =
    error
      "buildImage: layers[0] is an image, not a layer; use it as fromImage, or make a layer with buildLayer"
      (image { layers = [ (image { }) ]; });
  layersImageBelow =
    error
      "buildLayer: layers[0] is an image, not a layer; use it as fromImage, or make a layer with buildLayer"
      (image { layers = [ (buildLayer { layers = [ (image { }) ]; }) ]; });
  layersPackage =
    error
      "buildImage: layers[1] must be a result of buildLayer, not the derivation 'hello'; use buildLayer { deps = [ … ]; }"
      (image {
        layers = [
          layer
          pkgs.hello
        ];
      });
  layersNoList =
    error "buildImage: layers must be a list, not the derivation 'layers.json'; write [ layer ]"
      (image { layers = layer; });
  layersCyclic =
    error "buildImage: layers is cyclic: a layer is below itself; remove it from its own layers"
      (image { layers = [ one ]; });

  fromImagePackage =
    error
      "buildImage: fromImage is the derivation 'bash', not an image of this library; use the result of pullImage, pullImageFromManifest or buildImage"
      (image { fromImage = pkgs.bash; });
  fromImageArchive =
    error
      "buildImage: fromImage is the derivation 'alpine.tar.gz', not an image of this library; use the result of pullImage, pullImageFromManifest or buildImage"
      (image { fromImage = pkgs.runCommand "alpine.tar.gz" { } "touch $out"; });
  fromImageName =
    error
      "buildImage: fromImage = \"alpine:3.20\" is not the path of an image.json file; use the result of pullImage, pullImageFromManifest or buildImage"
      (image { fromImage = "alpine:3.20"; });
  fromImageLayer =
    error "buildImage: fromImage is the derivation 'layers.json', a layer; use it in layers"
      (image { fromImage = layer; });

  copyToRootName =
    error
      "buildImage: copyToRoot must be a store path, not \"hello\"; write a package, pkgs.buildEnv { … } or a path"
      (image { copyToRoot = "hello"; });
  copyToRootNull =
    error
      "buildLayer: copyToRoot[1] must be a store path, not null; write a package, pkgs.buildEnv { … } or a path"
      (buildLayer {
        copyToRoot = [
          pkgs.hello
          null
        ];
      });
  copyToRootPart =
    warning
      "buildImage: copyToRoot[0] = \"${builtins.storeDir}/…-hello/bin\" is not a store path as a whole, and is not placed at the root; use pkgs.buildEnv with pathsToLink for a part of a package"
      (image { copyToRoot = [ "${builtins.storeDir}/…-hello/bin" ]; });
  depsName =
    error "buildLayer: deps[0] must be a store path, not \"hello\"; write a package or a path"
      (buildLayer { deps = [ "hello" ]; });
  ignoreName =
    error "buildLayer: ignore must be a store path, not \"hello\"; write the package to leave out"
      (buildLayer { ignore = "hello"; });
  depsNoList =
    error "buildLayer: deps must be a list, not the derivation 'hello'; write [ path ]"
      (buildLayer { deps = pkgs.hello; });

  permsNoList =
    error
      "buildImage: perms must be a list, not an attribute set; write [ { path = …; regex = \"…\"; mode = \"0755\"; } ]"
      (image { perms = { path = pkgs.hello; }; });
  permsWithoutPath =
    error "buildImage: perms[0] has no path; add the path that it is for"
      (image { perms = [ { mode = "0755"; } ]; });
  permsElsewhere =
    warning
      "buildImage: perms[0].path = \"/tmp\" is not a store path, so the rule has no effect; write the store path that contains the files"
      (perm {
        path = "/tmp";
        mode = "1777";
      });
  permsFileList =
    error "buildImage: permsFile must be a file, not a list; use the argument perms for rules in Nix"
      (image { permsFile = [ { path = pkgs.hello; } ]; });
  permsRegexp =
    error "buildImage: perms[0] has the unknown key 'regexp'; did you mean 'regex'?"
      (perm { regexp = "/bin"; });
  permsMod =
    error "buildImage: perms[0] has the unknown key 'mod'; did you mean 'mode'?"
      (perm { mod = "0755"; });
  permsUnknown =
    warning
      "buildImage: perms[0] has the unknown key 'owner', which is ignored; the keys are gid, gname, mode, orMode, path, regex, uid, uname"
      (perm { owner = "nobody"; });
  permsModeNumber =
    error
      "buildImage: perms[0].mode must be a string, not 755; write the octal digits in quotes, such as \"0755\""
      (perm { mode = 755; });
  permsUidText =
    error "buildImage: perms[0].uid must be a whole number, not \"1000\"; write a number without quotes"
      (perm { uid = "1000"; });

  ensureDirsMod =
    error "buildImage: ensureDirs[1] has the unknown key 'mod'; did you mean 'mode'?"
      (image {
        ensureDirs = [
          { path = "/srv"; }
          {
            path = "/tmp";
            mod = "1777";
          }
        ];
      });
  ensureDirsUnknown =
    error
      "buildImage: ensureDirs[0] has the unknown key 'owner'; the keys are dir, gid, gname, mode, path, uid, uname"
      (image {
        ensureDirs = [
          {
            path = "/srv";
            owner = "web";
          }
        ];
      });
  ensureDirsText =
    error
      "buildImage: ensureDirs[0] must be an attribute set, not \"/tmp\"; write { path = \"/tmp\"; mode = \"1777\"; }"
      (image { ensureDirs = [ "/tmp" ]; });

  ensureDirsRelative =
    error "buildImage: ensureDirs[0].path = \"tmp\" is not an absolute path; write \"/tmp\""
      (image { ensureDirs = [ { path = "tmp"; } ]; });
  ensureDirsParent =
    error
      "buildImage: ensureDirs[0].path = \"/srv/../tmp\" must be a directory below / and must not contain '.' or '..'"
      (image { ensureDirs = [ { path = "/srv/../tmp"; } ]; });
  ensureDirsWithoutDir =
    error "buildLayer: ensureDirs[0].path is a store path; add dir, the name of the directory in it"
      (buildLayer { ensureDirs = [ { path = pkgs.hello; } ]; });

  excludesElsewhere =
    error
      "buildImage: excludes[0] must be a path inside a store path, not \"/usr/share/doc\"; write \"\${package}/share/doc\""
      (image { excludes = [ "/usr/share/doc" ]; });
  excludesPackage =
    error
      "buildLayer: excludes[0] must be a path inside a store path, not the derivation 'hello'; write \"\${package}/share/doc\""
      (buildLayer { excludes = [ pkgs.hello ]; });
  excludesKey =
    error
      "buildImage: excludes[0] must be a path inside a store path, not an attribute set; write \"\${package}/share/doc\" or { path = package; excludes = [ \"share/doc\" ]; }"
      (image {
        excludes = [
          {
            path = pkgs.hello;
            exclude = [ "share/doc" ];
          }
        ];
      });
  fromTarWithoutPath =
    error
      "buildLayer: fromTar[0] must be a tar archive, not an attribute set; write the path of an archive or { path = …; tar = …; }"
      (buildLayer { fromTar = [ { tar = pkgs.hello; } ]; });
  fromTarName =
    error
      "buildImage: fromTar must be a tar archive, not \"root.tar\"; write the path of an archive or { path = …; tar = …; }"
      (image { fromTar = "root.tar"; });
  layeringName =
    error "buildImage: layering must be \"popularity\" or \"by-size\", not \"fleet\""
      (image { layering = "fleet"; });
  layersFileList =
    error
      "buildImage: layersFile[0] must be a list, not the derivation 'hello'; write [ [ package ] [ package ] ]"
      (image { layersFile = [ pkgs.hello ]; });
  layersFileName =
    error
      "buildImage: layersFile[0][0] must be a store path, not \"hello\"; write a package or a path"
      (image { layersFile = [ [ "hello" ] ]; });
  spreadWithoutLayersFile =
    error
      "buildImage: spread = true requires layersFile, which says what is in each layer: a list of lists of packages, or a JSON file"
      (image { spread = true; });

  inheritWithoutBase =
    error "buildImage: inheritConfig and fromImageEnv require a base image; set fromImage"
      (image { inheritConfig = true; });
  databaseText =
    error "buildImage: initializeNixDatabase must be true or false, not \"yes\""
      (image { initializeNixDatabase = "yes"; });

  databaseOwnerText =
    error "buildImage: nixUid must be a whole number, not \"1000\"; write a number without quotes"
      (image {
        initializeNixDatabase = true;
        nixUid = "1000";
      });

  annotationNumber =
    error "buildImage: annotations.version must be a string, not 2; use toString"
      (image { annotations.version = 2; });
  reproducibleText =
    error "buildLayer: reproducible must be true or false, not \"no\""
      (buildLayer { reproducible = "no"; });

  metadataCreatedBy =
    error "buildLayer: metadata has the unknown key 'createdBy'; did you mean 'created_by'?"
      (buildLayer { metadata.createdBy = "us"; });
  metadataText =
    error "buildLayer: metadata must be an attribute set, not \"us\"; write { created_by = \"…\"; }"
      (buildLayer { metadata = "us"; });

  configCmdd =
    error "buildImage: config has the unknown key 'cmdd'; did you mean 'Cmd'?"
      (config { cmdd = [ "hello" ]; });
  configUnknown =
    warning
      "buildImage: config has the unknown key 'Ports', which is ignored; the keys are ArgsEscaped, Cmd, Entrypoint, Env, ExposedPorts, Healthcheck, Labels, OnBuild, Shell, StopSignal, User, Volumes, WorkingDir"
      (config { Ports = [ 80 ]; });
  configHostname =
    warning
      "buildImage: config.Hostname has no effect: it is a setting of Docker for containers, which images do not have; remove it"
      (config { Hostname = "web"; });
  configCmdText =
    error
      "buildImage: config.Cmd must be a list, not \"hello --world\"; write the command as a list: [ \"program\" \"argument\" ]"
      (config { Cmd = "hello --world"; });
  configCmdElement =
    error
      "buildImage: config.Cmd[1] must be a string, not 80; use toString"
      (config {
        Cmd = [
          "serve"
          80
        ];
      });
  configEnvSet =
    error "buildImage: config.Env must be a list, not an attribute set; write [ \"NAME=value\" ]"
      (config { Env.PATH = "/bin"; });
  configEnvWithoutValue =
    warning "buildImage: config.Env has the entry 'PATH', which is not of the form NAME=value"
      (config { Env = [ "PATH" ]; });
  configPortsList =
    error
      "buildImage: config.ExposedPorts must be an attribute set, not a list; write { \"80/tcp\" = { }; }"
      (config { ExposedPorts = [ "80/tcp" ]; });
  configPortsNumber =
    error
      "buildImage: config.ExposedPorts.80/tcp must be an attribute set, not 80; write { \"80/tcp\" = { }; }"
      (config { ExposedPorts."80/tcp" = 80; });
  configEntrypointPackage =
    error
      "buildImage: config.Entrypoint must be a list, not the derivation 'hello'; write the command as a list: [ \"program\" \"argument\" ]"
      (config { Entrypoint = pkgs.hello; });
  configUserNumber =
    error "buildImage: config.User must be a string, not 1000; write \"1000\" or \"1000:100\""
      (config { User = 1000; });
  configForced =
    error
      "buildImage: config.Cmd must be a list, not a definition by mkForce or a similar function, which only options of modules can have; write the command as a list: [ \"program\" \"argument\" ]"
      (config {
        Cmd = {
          _type = "override";
          content = [ "hello" ];
          priority = 50;
        };
      });
  configInterval =
    error
      "buildImage: config.Healthcheck.Interval must be a whole number, not \"30s\"; write nanoseconds, such as 30000000000 for 30 seconds"
      (config { Healthcheck.Interval = "30s"; });
  configLabelNumber =
    error "buildImage: config.Labels.version must be a string, not 2; use toString"
      (config { Labels.version = 2; });

  nameWithBlank =
    error
      "buildImage: name = \"my image\" is not the name of an image: only letters, digits and single '.', '_', '-' or '/' between them are allowed"
      (buildImage { name = "my image"; }).copyToRegistry;
  nameWithTag =
    error "buildImage: name = \"app:v1\" has a tag or digest; use the argument tag"
      (buildImage { name = "app:v1"; }).imageName;
  tagWithPlus =
    error
      "buildImage: tag = \"1.0+2\" is not a tag: use 1 to 128 letters, digits, '_', '.' and '-', with a letter, digit or '_' first"
      (image { tag = "1.0+2"; }).copyToPodman;
  tagNumber =
    error
      "buildImage: tag = 1.500000 is not a tag: use 1 to 128 letters, digits, '_', '.' and '-', with a letter, digit or '_' first"
      (image { tag = 1.5; }).imageTag;

  compressorUnknown =
    error
      "buildLayer: compressor must be \"gzip\", \"zstd\", \"zstd:chunked\" or null, not \"xz\""
      (buildLayer { compressor = "xz"; });
  compressionLevelAlone =
    error
      "buildImage: compressionLevel requires a compressor; add compressor = \"gzip\" or \"zstd\""
      (image { compressionLevel = 9; });

  compressionLevelTooHigh =
    error "buildImage: compressionLevel = 19 is out of range; write 1 to 9 for gzip"
      (image {
        compressor = "gzip";
        compressionLevel = 19;
      });

  pullWithDigest =
    error "pullImage: imageName = \"library/alpine@sha256:0\" has a digest; use imageDigest"
      (pull { imageName = "library/alpine@sha256:0"; });
  manifestOfIndex =
    error
      "pullImageFromManifest: imageManifest of library/alpine is an index or another file, not the manifest of an image; set it to a file with the output of the script getManifest"
      (pullImageFromManifest {
        imageName = "library/alpine";
        imageManifest = builtins.toFile "index.json" (builtins.toJSON { manifests = [ ]; });
      });
  manifestWithTag =
    error
      "pullImageFromManifest: imageName = \"library/alpine:3.20\" has a tag or digest; use imageTag"
      (manifest { imageName = "library/alpine:3.20"; });
  pullWithTransport =
    error "pullImage: imageName = \"docker://alpine\" has a transport or protocol; write the name only"
      (pull { imageName = "docker://alpine"; });
  pullDigest =
    error
      "pullImage: imageDigest must be a digest such as \"sha256:…\" with 64 hexadecimal digits, not \"latest\"; 'strata manifest --digest docker://NAME' prints it"
      (pull { imageDigest = "latest"; });
  pullArch =
    error "pullImage: arch must be an architecture, not null; write \"amd64\" or omit it"
      (pull { arch = null; });
  registryUrl =
    error
      "pullImageFromManifest: registryUrl must be the name of a registry, not \"https://quay.io\"; write \"quay.io\" or \"localhost:5000\""
      (manifest { registryUrl = "https://quay.io"; });
  };
in
builtins.mapAttrs (_: case: case.mistake) mistakes
// {
  inherit accepted selfReferring tagOfItsOwnHash;
  lines = builtins.mapAttrs (
    _: case: (if case.accepted or false then "warning: " else "error: ") + case.line
  ) mistakes;
}
