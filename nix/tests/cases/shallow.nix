# Cases of base images whose layers stay in the registry.
{
  pkgs,
  nix2container,
  registry,
  # The digest of base/os, the hash of its directory without layers, and its manifest.
  imageDigest,
  shallowSha256,
  imageManifest,
  # The digest of base/multi, an index.
  multiDigest,
}:
let
  inherit (nix2container) buildImage pullImage pullImageFromManifest;
  plain = {
    imageName = "${registry}/base/os";
    inherit imageDigest;
    os = "linux";
    arch = "amd64";
    tlsVerify = false;
  };
  base = pullImage (
    plain
    // {
      sha256 = shallowSha256;
      shallow = true;
    }
  );
  unhashed = pullImage (plain // { shallow = true; });
  multi =
    args:
    pullImage (
      {
        imageName = "${registry}/base/multi";
        imageDigest = multiDigest;
        shallow = true;
        tlsVerify = false;
      }
      // args
    );
  manifestOf =
    shallow:
    pullImageFromManifest {
      imageName = "base/os";
      imageTag = "1";
      registryUrl = registry;
      inherit imageManifest shallow;
      tlsVerify = false;
    };
  secret = pkgs.writeTextDir "etc/secret" "42\n";
  on =
    base:
    buildImage {
      name = "${registry}/team/app";
      tag = "1";
      fromImage = base;
      copyToRoot = secret;
      perms = [
        {
          path = secret;
          regex = "/etc/secret$";
          mode = "0600";
          uid = 7;
        }
      ];
      config = {
        Entrypoint = [
          "${pkgs.coreutils}/bin/cat"
          "/etc/os-name"
          "/etc/secret"
        ];
        Env = [ "A=b" ];
      };
    };
in
{
  inherit base unhashed;
  full = manifestOf false;
  fromManifest = manifestOf true;
  platform = multi {
    os = "freebsd";
    arch = "arm64";
  };
  noPlatform = multi {
    os = "plan9";
    arch = "arm64";
  };
  noHash = pullImage plain;
  example = (import ../../examples { inherit pkgs nix2container; }).from-image-shallow {
    inherit registry imageDigest;
  };
  image = on base;
  imageOfFull = on (manifestOf false);
  onTop = buildImage {
    name = "on-top";
    tag = "1";
    fromImage = on unhashed;
    copyToRoot = pkgs.writeTextDir "etc/more" "more\n";
  };
  arguments = base.folder.buildCommand + base.buildCommand;
}
