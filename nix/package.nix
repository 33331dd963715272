# Strata as a Nix package. It is built with Maven from this source tree and from the jars whose hashes
# are in maven-lock.json, and includes a Java runtime with only the required modules.
#
# To replace a part of the build, import this file with different arguments.
{
  pkgs,
  # A JDK 25 or later.
  jdk ? pkgs.jdk25_headless or pkgs.jdk25 or (throw "Strata requires a JDK 25 or later: set the argument jdk, or set strata to an existing package"),
  maven ? pkgs.maven,
  lockFile ? ./maven-lock.json,
  # The modules of the runtime: those that `jdeps --print-module-deps` lists for the jars, except for
  # modules of library code that Strata does not call (java.compiler, java.desktop), plus those that TLS
  # and Agrona need at run time.
  modules ? [
    "java.base"
    "java.logging"
    "java.management"
    "java.net.http"
    "jdk.crypto.ec"
    "jdk.unsupported"
  ],
}:
let
  lib = pkgs.lib;
  root = toString ../.;
  # The sources that affect the program. Other files are left out so that changes to them do not cause
  # a rebuild.
  source = builtins.path {
    path = ../.;
    name = "strata-source";
    filter =
      path: type:
      let
        relative = lib.removePrefix "${root}/" (toString path);
        top = lib.head (builtins.split "/" relative);
      in
      builtins.elem top [
        ".mvn"
        "LICENSE"
        "bench"
        "cli"
        "engine"
        "fixtures"
        "pom.xml"
      ]
      && baseNameOf path != "target"
      && builtins.match "[^/]*/src/test(/.*)?" relative == null
      && builtins.match "fixtures/nix(/.*)?" relative == null;
  };
  # A Maven repository that consists of symbolic links.
  entries = builtins.fromJSON (builtins.readFile lockFile);
  repository = pkgs.runCommandLocal "strata-maven-repository" {
    files = lib.concatMapStringsSep "\n" (
      entry:
      "${entry.path} ${
        pkgs.fetchurl {
          url = "https://repo.maven.apache.org/maven2/${entry.path}";
          hash = entry.hash;
          name = builtins.replaceStrings [ "+" "~" ] [ "-" "-" ] (baseNameOf entry.path);
        }
      }"
    ) entries;
    passAsFile = [ "files" ];
  } ''
    while read -r path file; do
      mkdir -p "$out/''${path%/*}"
      ln -s "$file" "$out/$path"
    done < <(cat "$filesPath" && echo)
  '';
in
pkgs.runCommand "strata-0.1.0"
  {
    nativeBuildInputs = [
      jdk
      maven
    ];
    JAVA_HOME = jdk.home or jdk;
    passthru = { inherit jdk repository source; };
    meta = {
      description = "Container images from Nix closures, without tarballs on disk";
      mainProgram = "strata";
    };
  }
  ''
    cp -r ${source} source
    chmod -R u+w source
    # Maven writes to its repository.
    cp -r ${repository} repository
    chmod -R u+w repository
    cd source
    export HOME=$NIX_BUILD_TOP
    mvn -B -o -q -Dmaven.repo.local=$NIX_BUILD_TOP/repository -pl cli -am \
      -Dmaven.test.skip=true -Dformat=none -Dwarnings=-nowarn package

    home=$out/share/strata
    mkdir -p $out/bin $out/share
    cp -r cli/target/strata $home
    rm -f $home/lib/*.aot
    "$JAVA_HOME/bin/jlink" --output $home/runtime --strip-java-debug-attributes --no-header-files --no-man-pages \
      --add-modules ${lib.concatStringsSep "," modules}
    cat >$out/bin/strata <<END
    #!${pkgs.runtimeShell}
    export STRATA_JAVA="\''${STRATA_JAVA-$home/runtime}"
    exec ${pkgs.runtimeShell} $home/bin/strata "\$@"
    END
    chmod +x $out/bin/strata

    # The caches hold the jars' times, and Nix will set them to this one.
    find $home -exec touch -h -d @1 {} +
    STRATA_AOT_OUTPUT=$home/lib/strata.aot $out/bin/strata build
    STRATA_AOT_OUTPUT=$home/lib/strata-move.aot $out/bin/strata move
    rm -f $home/lib/*.aot.config
  ''
