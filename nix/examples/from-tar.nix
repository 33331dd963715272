# A root directory with arbitrary owners and modes, such as one created under fakeroot, archived as a
# tar file. In this example, GNU tar sets the owners and modes.
{ pkgs, nix2container }:
let
  root = pkgs.runCommand "root.tar" { } ''
    mkdir -p var/lib/app bin
    echo "state" >var/lib/app/state
    cp ${pkgs.hello}/bin/hello bin/helper
    tar -c -f $out --sort=name --mtime=@0 --owner=app:1001 --group=app:1001 --mode=0750 var/lib/app
    tar -r -f $out --sort=name --mtime=@0 --owner=root:0 --group=wheel:10 --mode=4755 bin/helper
  '';
in
nix2container.buildImage {
  name = "from-tar";
  fromTar = root;
  config.Entrypoint = [
    "${pkgs.coreutils}/bin/stat"
    "-c"
    "%n %a %u:%g"
    "/var/lib/app"
    "/var/lib/app/state"
    "/bin/helper"
  ];
}
