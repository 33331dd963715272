# Cases for arguments in the forms of nix2container's newest proposals, and for names with special
# characters.
{
  pkgs,
  nix2container,
  ...
}:
let
  inherit (nix2container) buildImage buildLayer;
  # A name like that of nixpkgs' JDK, whose + is special in a regular expression.
  plus = pkgs.runCommand "jdk-25+36++" { } ''
    mkdir -p $out/lib $out/share/doc
    touch $out/lib/modules $out/share/doc/index
  '';
  files = pkgs.runCommand "files" { } ''
    mkdir -p $out/data $out/etc
    touch $out/data/plain $out/data/tool
    chmod +x $out/data/tool
  '';
  # A root directory, and the archive in which fakeroot has kept its owners.
  root = pkgs.runCommand "root" { } ''
    mkdir -p $out/etc $out/srv
    echo "${pkgs.hello}" >$out/etc/app.conf
  '';
  archive = pkgs.runCommand "root.tar" { } ''
    tar -c -f $out -C ${root} --sort=name --mtime=@1700000000 --owner=app:999 --group=app:998 \
      --mode=u+rwX,g=,o= ./etc ./srv
  '';
  tarred = {
    path = root;
    tar = archive;
  };
  ensured = [
    {
      path = root;
      dir = "etc";
      uid = 1;
      gid = 1;
      mode = "0777";
    }
    {
      path = root;
      dir = "var/empty";
      uid = 65534;
      gid = 65534;
      mode = "0700";
    }
  ];
  base = buildImage {
    name = "base";
    config = {
      Env = [
        "PATH=/base"
        "HOME=/root"
      ];
      Labels = {
        from = "base";
        base = "yes";
      };
      Entrypoint = [ "/entry" ];
      Cmd = [ "argument" ];
      User = "base";
    };
  };
  on =
    args:
    buildImage (
      {
        name = "on";
        fromImage = base;
        config = {
          Env = [ "PATH=/own" ];
          Labels.from = "own";
          Entrypoint = [ "/own" ];
        };
      }
      // args
    );
in
{
  # A + in a name.
  plusAtRoot = buildImage {
    name = "plus";
    copyToRoot = plus;
    excludes = [ "${plus}/share/doc" ];
  };
  plusInLayer = buildLayer { copyToRoot = [ plus ]; };

  fromTar = buildLayer { fromTar = [ tarred ]; };
  fromTarAndPerms = buildImage {
    name = "tarred";
    copyToRoot = root;
    fromTar = [ tarred ];
    ensureDirs = ensured ++ [
      {
        path = "/tmp";
        mode = "1777";
      }
    ];
    perms = [
      {
        path = root;
        regex = "^${root}/etc/app.conf$";
        mode = "0640";
      }
    ];
  };
  fromTarInPlace = buildLayer {
    deps = [ root ];
    fromTar = [ tarred ];
  };

  ensureDirs = buildLayer {
    copyToRoot = root;
    ensureDirs = ensured;
  };
  ensureDirsAbsolute = buildLayer {
    copyToRoot = root;
    ensureDirs = [
      {
        path = "/tmp";
        mode = "1777";
      }
    ];
  };
  ensureDirsElsewhere = buildLayer {
    copyToRoot = files;
    ensureDirs = ensured;
  };

  permsFile = buildLayer {
    copyToRoot = files;
    permsFile = pkgs.writeText "perms.json" (
      builtins.toJSON [
        {
          path = files;
          regex = "/data/";
          mode = "0600";
        }
      ]
    );
    perms = [
      {
        path = files;
        regex = "/tool$";
        orMode = "0100";
      }
    ];
  };
  permsFileOfImage = buildImage {
    name = "perms";
    copyToRoot = files;
    permsFile = pkgs.writeText "perms.json" (
      builtins.toJSON [
        {
          path = files;
          regex = ".*";
          orMode = "0200";
        }
      ]
    );
  };
  orModeTooLarge = buildLayer {
    copyToRoot = files;
    perms = [
      {
        path = files;
        regex = ".*";
        orMode = "40755";
      }
    ];
  };

  excludes = buildLayer {
    deps = [ plus ];
    excludes = [
      {
        path = plus;
        excludes = [ "share/doc" ];
      }
    ];
  };
  excludesNothing = buildLayer {
    deps = [ plus ];
    excludes = [ "${plus}/share/man" ];
  };

  fromImageEnv = on { fromImageEnv = true; };
  inheritConfig = on { inheritConfig = true; };
  inheritNothing = on { };
  inheritConfigWithoutBase = buildImage {
    name = "none";
    inheritConfig = true;
  };
  fromNoImage = buildImage {
    name = "none";
    fromImage = null;
  };

  annotations = buildImage {
    name = "annotated";
    annotations."org.opencontainers.image.source" = "https://example.org/app";
  };
  dockerConfig = buildImage {
    name = "docker";
    config = {
      Healthcheck = {
        Test = [
          "CMD"
          "${pkgs.hello}/bin/hello"
        ];
        Interval = 30000000000;
        Retries = 3;
      };
      Shell = [ "/bin/bash" ];
      OnBuild = [ "RUN true" ];
      ArgsEscaped = true;
    };
  };

  database = buildImage {
    name = "database";
    # One path at the root alone, and one that the configuration refers to as well.
    copyToRoot = [
      files
      root
    ];
    config.Env = [ "ROOT=${root}" ];
    initializeNixDatabase = true;
    layers = [
      (buildLayer {
        copyToRoot = pkgs.writeTextDir "etc/motd" "Welcome.\n";
        deps = [ pkgs.jq ];
      })
    ];
  };
}
