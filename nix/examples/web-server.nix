# A web server with a configuration, a page and writable directories. The example uses the server of
# BusyBox because it has no dependencies; nginx can be packaged in the same way.
{ pkgs, nix2container }:
let
  port = 8080;
  pages = pkgs.writeTextDir "srv/index.html" ''
    <p>Served from a layer.</p>
  '';
  settings = pkgs.writeText "httpd.conf" ''
    I:index.html
    .html:text/html
  '';
  accounts = pkgs.runCommand "accounts" { } ''
    mkdir -p $out/etc
    echo "root:x:0:0::/:/bin/false" >$out/etc/passwd
    echo "web:x:33:33::/srv:/bin/false" >>$out/etc/passwd
    printf 'root:x:0:\nweb:x:33:\n' >$out/etc/group
  '';
in
nix2container.buildImage {
  name = "web-server";
  copyToRoot = [
    pages
    accounts
  ];
  ensureDirs = [
    {
      path = "/var/log/web";
      mode = "0750";
      uid = 33;
      gid = 33;
    }
    {
      path = "/tmp";
      mode = "1777";
    }
  ];
  config = {
    User = "web";
    WorkingDir = "/srv";
    Entrypoint = [
      "${pkgs.busybox}/bin/busybox"
      "httpd"
      "-f"
      "-c"
      "${settings}"
      "-h"
      "/srv"
      "-p"
      "127.0.0.1:${toString port}"
    ];
    ExposedPorts."${toString port}/tcp" = { };
  };
}
