# Nix for an unprivileged user, who owns the database.
{ pkgs, nix2container }:
let
  uid = 1000;
  gid = 1000;
  accounts = pkgs.runCommand "accounts" { } ''
    mkdir -p $out/etc $out/home/builder
    echo "builder:x:${toString uid}:${toString gid}::/home/builder:/bin/bash" >$out/etc/passwd
    echo "builder:x:${toString gid}:" >$out/etc/group
  '';
in
nix2container.buildImage {
  name = "nix-user";
  initializeNixDatabase = true;
  nixUid = uid;
  nixGid = gid;
  copyToRoot = [
    accounts
    (pkgs.buildEnv {
      name = "root";
      paths = [
        pkgs.bash
        pkgs.coreutils
        pkgs.nix
      ];
      pathsToLink = [ "/bin" ];
    })
  ];
  perms = [
    {
      path = accounts;
      regex = "/home/builder";
      mode = "0744";
      inherit uid gid;
      uname = "builder";
      gname = "builder";
    }
  ];
  config = {
    Cmd = [
      "/bin/bash"
      "-c"
      "nix-store -q --hash ${pkgs.nix} && stat -c '%U %a' /nix/var/nix/db /home/builder"
    ];
    User = "builder";
    WorkingDir = "/home/builder";
    Env = [
      "HOME=/home/builder"
      "NIX_REMOTE=local"
      "PATH=/bin"
      "USER=builder"
    ];
  };
}
