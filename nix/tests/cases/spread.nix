# Cases of images whose layers are built by derivations of their own, and the same images built by one.
{
  pkgs,
  text,
  # A text that no earlier build had.
  unique,
  # A function that builds an image, and the configuration of one that runs a program.
  image,
  config,
}:
let
  packages = [
    [
      pkgs.readline
      pkgs.bash
    ]
    [ pkgs.hello ]
    [ text ]
  ];
  # Every argument that affects some of the layers.
  arguments = {
    inherit config;
    copyToRoot = text;
    perms = [
      {
        path = text;
        regex = "/etc/motd$";
        mode = "0600";
      }
      {
        path = pkgs.hello;
        regex = ".*";
        mode = "";
        uid = 7;
      }
    ];
    excludes = [ "${pkgs.bash}/bin/sh" ];
    ensureDirs = [
      {
        path = pkgs.hello;
        dir = "var";
        mode = "0700";
      }
      {
        path = "/tmp";
        mode = "1777";
      }
    ];
    fromTar = pkgs.runCommand "spread.tar" { } ''
      mkdir opt
      echo file >opt/file
      tar -c -f $out --sort=name --mtime=@0 --owner=7 --group=8 opt
    '';
    maxLayers = 2;
  };
  # Two independent paths, one of which changes.
  part =
    name: content:
    pkgs.runCommand name { } ''
      mkdir -p $out/share
      echo ${content} >$out/share/${name}
    '';
  ofParts =
    parts: spread:
    image {
      inherit spread;
      config.Cmd = map (p: "${p}") parts;
      layersFile = map (p: [ p ]) parts;
    };
  changing =
    content:
    ofParts [
      (part "one" "first")
      (part "two" content)
      (part "three" "third")
    ] true;
  fresh = [
    (part "four" "4${unique}")
    (part "five" "5${unique}")
    (part "six" "6${unique}")
    (part "seven" "7${unique}")
  ];
in
{
  whole = image (arguments // { layersFile = packages; });
  listed = image (
    arguments
    // {
      layersFile = packages;
      spread = true;
    }
  );
  # Read while evaluating, after it has been built.
  file = image (
    arguments
    // {
      layersFile = pkgs.writeText "split.json" (builtins.toJSON (map (map (p: "${p}")) packages));
      spread = true;
    }
  );
  compressed = image {
    inherit config;
    layersFile = packages;
    copyToRoot = text;
    compressor = "zstd";
    spread = true;
    witness = true;
  };
  ofAnother = image {
    inherit config;
    layersFile = [ [ pkgs.jq ] ];
    spread = true;
  };
  before = changing "second";
  after = changing "changed";
  inherit fresh;
  remote = ofParts fresh true;
  remoteChanged = ofParts (pkgs.lib.init fresh ++ [ (part "seven" "8${unique}") ]) true;
  local = ofParts fresh false;
}
