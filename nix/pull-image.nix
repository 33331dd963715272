# The function pullImage. For documentation with examples, see docs/nix/reference.md.
{ pkgs, strata }:
let
  localArch = import ./platform.nix pkgs.stdenv.hostPlatform.system;
  registry = import ./registry.nix { inherit pkgs; };
  checks = import ./checks.nix { inherit (pkgs) lib; };
in
{
  # The name, preceded by the registry unless it is Docker Hub.
  imageName,
  # The digest of the manifest, or of the index.
  imageDigest,
  # The hash of the directory with the manifest, the configuration and the layers.
  sha256,
  # The platform to select from an index.
  os ? "linux",
  arch ? localArch,
  # Whether to require HTTPS with a valid certificate.
  tlsVerify ? true,
  # The name of the store path with the directory.
  name ? registry.pathName "docker-image-${imageName}",
}@args:
let
  folder =
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
        ${checks.pullImage args}${registry.findCredentials}
        ${strata}/bin/strata pull \
          --os ${os} --arch ${arch} \
          --src-tls-verify=${if tlsVerify then "true" else "false"} \
          "''${credentials[@]}" \
          "docker://${imageName}@$imageDigest" $out
      '';
in
pkgs.runCommandLocal "${registry.pathName imageName}.json" { passthru = { inherit folder; }; } ''
  ${strata}/bin/strata image-from-dir $out ${folder}
''
