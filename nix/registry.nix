# What the builders that read from a registry share.
{ pkgs }:
{
  # Builders that download see the proxies of the machine, and trust these authorities.
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

  # Sets the shell variable credentials: options with a file of credentials, which the owner of the
  # machine shows builders at this place (extra-sandbox-paths in nix.conf).
  findCredentials = ''
    credentials=()
    if [ -f /etc/skopeo/auth.json ]; then
      credentials=(--authfile /etc/skopeo/auth.json)
    fi
  '';

  # An image's name as a part of a store path's name.
  pathName = builtins.replaceStrings [ "/" ":" "@" ] [ "-" "-" "-" ];
}
