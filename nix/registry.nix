# Shared code of the builders that read from a registry.
{ pkgs }:
{
  # Builders use the proxies of the machine and trust these certificate authorities.
  environment = {
    impureEnvVars = [
      "http_proxy"
      "https_proxy"
      "no_proxy"
      "all_proxy"
      "HTTP_PROXY"
      "HTTPS_PROXY"
      "NO_PROXY"
      "ALL_PROXY"
    ];
    SSL_CERT_FILE = "${pkgs.cacert}/etc/ssl/certs/ca-bundle.crt";
  };

  # Sets the shell variable credentials to the options for the credentials file, if an administrator
  # has made one available to builders in this place (extra-sandbox-paths in nix.conf).
  # Skopeo also looks below XDG_RUNTIME_DIR, by default in /run/containers, and fails if the build user
  # has no access to that folder.
  findCredentials = ''
    export XDG_RUNTIME_DIR=$NIX_BUILD_TOP
    credentials=()
    if [ -f /etc/skopeo/auth.json ]; then
      credentials=(--authfile /etc/skopeo/auth.json)
    fi
  '';

  # An option that says whether to require HTTPS with a valid certificate.
  tlsOption = name: tlsVerify: "${name}=${if tlsVerify then "true" else "false"}";

  # The options for an image whose layers stay in the registry. The last one is recorded, and applies
  # when the layers are read.
  layersFrom =
    image: tlsVerify: "--layers-from ${image}${if tlsVerify then "" else " --tls-verify=false"}";

  # Converts an image name to a part of a store path name.
  pathName = builtins.replaceStrings [ "/" ":" "@" ] [ "-" "-" "-" ];
}
