# The function pullImageFromManifest. For documentation with examples, see docs/nix/reference.md.
{
  pkgs,
  strata,
}:
let
  lib = pkgs.lib;
  localArch = import ./platform.nix pkgs.stdenv.hostPlatform.system;
  registry = import ./registry.nix { inherit pkgs; };
  checks = import ./checks.nix { inherit lib; };
in
{
  # The name, without the registry.
  imageName,
  # A file with the manifest, as printed by getManifest; null if there is none yet.
  imageManifest ? null,
  # The image that getManifest requests. What is pulled is determined by the manifest alone.
  imageTag ? "latest",
  os ? "linux",
  arch ? localArch,
  # Whether to require HTTPS with a valid certificate.
  tlsVerify ? true,
  # Whether to leave the layers in the registry until an image is copied that needs them.
  shallow ? false,
  # The registry.
  registryUrl ? "registry-1.docker.io",
}@args:
let
  url = "docker://${registryUrl}/${imageName}";
  verify = registry.tlsOption "--tls-verify" tlsVerify;
  manifestText =
    if imageManifest == null then
      throw "pullImageFromManifest: imageManifest is not set for ${imageName}; set it to a file with the output of the script getManifest"
    else
      builtins.readFile imageManifest;
  manifest = builtins.fromJSON manifestText;

  fetchBlob =
    digest:
    pkgs.runCommand (lib.removePrefix "sha256:" digest)
      (registry.environment // { outputHash = digest; })
      ''
        ${registry.findCredentials}
        ${pkgs.skopeo}/bin/skopeo --override-os ${os} --override-arch ${arch} layers ${verify} "''${credentials[@]}" \
          "${url}:${imageTag}" ${digest}
        mv layers-*/"$name" $out
      '';
  blobsOfManifest =
    if !(manifest ? config) then
      throw "pullImageFromManifest: imageManifest of ${imageName} is an index or another file, not the manifest of an image; set it to a file with the output of the script getManifest"
    else
      (if shallow then [ ] else manifest.layers) ++ [ manifest.config ];
  digests = map (blob: blob.digest) blobsOfManifest;
  blobs = pkgs.writeText "blobs.json" (
    builtins.toJSON (
      builtins.listToAttrs (
        map (digest: {
          name = lib.removePrefix "sha256:" digest;
          value = fetchBlob digest;
        }) digests
      )
    )
  );
in
pkgs.runCommandLocal "${registry.pathName imageName}.json"
  {
    passthru.getManifest = pkgs.writeShellApplication {
      name = "get-manifest";
      runtimeInputs = [ strata ];
      text = ''
        ${checks.pullImageFromManifest args}strata manifest ${verify} --os ${os} --arch ${arch} "$@" "${url}:${imageTag}"
      '';
    };
  }
  ''
    ${checks.pullImageFromManifest args}${strata}/bin/strata image-from-manifest --with-config ${
      lib.optionalString shallow "${registry.layersFrom url tlsVerify} "
    }$out ${pkgs.writeText "manifest.json" manifestText} ${blobs}
  ''
