# The function pullImage. For documentation with examples, see docs/nix/reference.md.
{ pkgs, strata }:
let
  lib = pkgs.lib;
  localArch = import ./platform.nix pkgs.stdenv.hostPlatform.system;
  registry = import ./registry.nix { inherit pkgs; };
  checks = import ./checks.nix { inherit lib; };
in
{
  # The name, preceded by the registry unless it is Docker Hub.
  imageName,
  # The digest of the manifest, or of the index.
  imageDigest,
  # The hash of the directory with the manifest, the configuration and the layers.
  sha256 ? null,
  # The platform to select from an index.
  os ? "linux",
  arch ? localArch,
  # Whether to require HTTPS with a valid certificate.
  tlsVerify ? true,
  # Whether to leave the layers in the registry until an image is copied that needs them. Then the
  # directory contains none, and sha256 may be omitted: all digests follow from imageDigest.
  shallow ? false,
  # The name of the store path with the directory.
  name ? registry.pathName "docker-image-${imageName}",
}@args:
let
  verify = registry.tlsOption "--src-tls-verify" tlsVerify;
  image = digest: "docker://${imageName}@${digest}";

  pulled =
    pkgs.runCommand name
      (
        registry.environment
        // {
          inherit imageDigest;
          outputHashMode = "recursive";
          outputHashAlgo = "sha256";
          outputHash = sha256;
        }
      )
      ''
        ${registry.findCredentials}
        ${strata}/bin/strata pull ${lib.optionalString shallow "--shallow "}\
          --os ${os} --arch ${arch} \
          ${verify} \
          "''${credentials[@]}" \
          "docker://${imageName}@$imageDigest" $out
      '';

  # Without a hash, each file is downloaded by its digest, which is read from the file before it.
  download =
    what: digest: command:
    pkgs.runCommand "${name}-${what}" (registry.environment // { outputHash = digest; }) ''
      ${registry.findCredentials}
      ${strata}/bin/strata ${command} ${verify} "''${credentials[@]}" >$out
    '';
  root = download "root" imageDigest "manifest --all ${image imageDigest}";
  index = builtins.fromJSON (builtins.readFile root);
  candidates = lib.filter (
    member: (member.platform.os or "") == os && (member.platform.architecture or "") == arch
  ) index.manifests;
  problem =
    reason: remedy: throw "pullImage: ${imageName}@${imageDigest} ${reason}; ${remedy}";
  manifestDigest =
    if !(index ? manifests) then
      imageDigest
    else if candidates == [ ] then
      problem "has no image for ${os}/${arch}" "set os and arch to a platform that it has"
    else if lib.length candidates > 1 then
      problem "has several images for ${os}/${arch}" "set imageDigest to the digest of one of them"
    else
      (lib.head candidates).digest;
  manifest =
    if manifestDigest == imageDigest then
      root
    else
      download "manifest" manifestDigest "manifest ${image manifestDigest}";
  configDigest = (builtins.fromJSON (builtins.readFile manifest)).config.digest;
  config = download "config" configDigest "inspect --config ${image manifestDigest}";
  assembled = pkgs.runCommandLocal name { } ''
    mkdir $out
    cp ${manifest} $out/manifest.json
    cp ${config} $out/${lib.last (builtins.split ":" configDigest)}
  '';

  folder =
    if sha256 != null then
      pulled
    else if shallow then
      assembled
    else
      throw "pullImage: sha256 is not set for ${imageName}; set it to the hash of the directory that 'strata pull' writes, or set shallow = true";
in
pkgs.runCommandLocal "${registry.pathName imageName}.json" { passthru = { inherit folder; }; } ''
  ${checks.pullImage args}${strata}/bin/strata image-from-dir --with-config ${
    lib.optionalString shallow "${registry.layersFrom "docker://${imageName}" tlsVerify} "
  }$out ${folder}
''
