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
  findCredentials = ''
    credentials=()
    if [ -f /etc/skopeo/auth.json ]; then
      credentials=(--authfile /etc/skopeo/auth.json)
    fi
  '';

  # Converts an image name to a part of a store path name.
  pathName = builtins.replaceStrings [ "/" ":" "@" ] [ "-" "-" "-" ];
}
