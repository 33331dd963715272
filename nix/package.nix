# Strata as a Nix package, in three steps: the jars, built by Maven; a Java runtime with only the
# modules that Strata needs; and the program, which consists of both and of two AOT caches.
#
# To replace a part, pass other arguments, or call the function override of the package.
{
  pkgs,
  # A JDK 25 or later for the platform on which Strata will run.
  jdk ? pkgs.jdk25_headless
    or (throw "Strata requires a JDK 25 or later, which this nixpkgs does not have: use a newer nixpkgs, or set the argument jdk or strata (of default.nix, or of mkStrata of the flake)"),
  # The same JDK for the platform on which Strata is built.
  buildJdk ? if runsHere then jdk else pkgs.buildPackages.jdk25_headless,
  maven ? pkgs.buildPackages.maven,
  # The modules of the runtime: those that `jdeps --print-module-deps` lists for the jars, except for
  # those of library code that Strata does not call (java.compiler, java.desktop, java.management).
  modules ? [
    "java.base"
    "java.net.http"
    "jdk.unsupported"
  ],
  # Whether the platform that builds Strata can run it.
  runsHere ? pkgs.stdenv.buildPlatform.canExecute pkgs.stdenv.hostPlatform,
  # Whether to add the AOT caches, which halve the start-up time. Making them requires running Strata.
  aotCaches ? runsHere,
}:
let
  inherit (pkgs) lib stdenv;
  version = "0.1.0";
  homeOf = java: java.home or "${java}";

  # The sources that affect the program, so that changes to other files do not cause a rebuild.
  source = pkgs.runCommandLocal "strata-source" { } ''
    mkdir -p $out/bench $out/cli/src $out/engine/src $out/fixtures/src
    cd $out
    cp ${../pom.xml} pom.xml
    cp ${../LICENSE} LICENSE
    cp -r ${../.mvn} .mvn
    # Maven reads the description of every module.
    cp ${../bench/pom.xml} bench/pom.xml
    for module in cli:${../cli/pom.xml} engine:${../engine/pom.xml} fixtures:${../fixtures/pom.xml}; do
      cp "''${module#*:}" "''${module%%:*}/pom.xml"
    done
    cp -r ${../cli/src/main} cli/src/main
    cp -r ${../engine/src/main} engine/src/main
    cp -r ${../fixtures/src/main} fixtures/src/main
  '';

  jars = maven.buildMavenPackage {
    pname = "strata-jars";
    inherit version;
    src = source;
    mvnJdk = homeOf buildJdk;
    # The hash of all files that Maven downloads. After a change to a pom.xml, run
    # nix/update-maven-hash.sh.
    mvnHash = "sha256-eZvDM+REPARwocb7F2ntwX5tmrdr5rBfDkjByV1Wk8k=";
    doCheck = false;
    mvnParameters = "-B -pl cli -am -Dmaven.test.skip -Dformat=none -Dwarnings=-nowarn -DskipAotCaches";
    # Which files Maven leaves beside these depends on its version and on the server.
    mvnFetchExtraArgs.postInstall = ''
      find $out -type f ! -name '*.jar' ! -name '*.pom' -delete
      find $out -type d -empty -delete
    '';
    installPhase = ''
      cp -r cli/target/strata $out
    '';
    # The script in it is for the platform that Strata will run on.
    dontFixup = true;
  };

  runtime = stdenv.mkDerivation {
    pname = "strata-runtime";
    version = jdk.version or version;
    dontUnpack = true;
    nativeBuildInputs = [
      buildJdk
      pkgs.buildPackages.removeReferencesTo
    ];
    # A JDK without jmods can only link a runtime for itself. Its libraries may have been modified:
    # nixpkgs patches those of binary packages.
    buildPhase = ''
      options=(--ignore-modified-runtime)
      if [ -d ${homeOf jdk}/jmods ]; then
        options=(--module-path ${homeOf jdk}/jmods)
      fi
      jlink "''${options[@]}" --output $out --add-modules ${lib.concatStringsSep "," modules} \
        --compress zip-6 --strip-java-debug-attributes --no-header-files --no-man-pages
    '';
    dontInstall = true;
    # The libraries in the jmods of nixpkgs contain their debug symbols, 200 MB in libjvm.so alone.
    stripDebugFlags = if stdenv.hostPlatform.isLinux then [ "--strip-unneeded" ] else [ "-S" ];
    postFixup = ''
      find $out -type f -exec remove-references-to \
        ${lib.concatMapStringsSep " " (path: "-t ${path}") buildOnly} {} +
    '';
    disallowedReferences = buildOnly;
  };
  buildOnly = [
    jdk
    buildJdk
    stdenv.cc
    stdenv.cc.cc
  ];

  # zstd-jni contains its library for 18 platforms; those of other platforms are removed.
  zstdLibrary =
    {
      aarch64-darwin = "darwin/aarch64";
      aarch64-linux = "linux/aarch64";
      x86_64-darwin = "darwin/x86_64";
      x86_64-linux = "linux/amd64";
    }
    .${stdenv.hostPlatform.system} or "*";
in
pkgs.runCommand "strata-${version}"
  {
    nativeBuildInputs = [
      buildJdk
      pkgs.buildPackages.removeReferencesTo
    ];
    # Making the caches includes a copy from a registry on the loopback address.
    __darwinAllowLocalNetworking = true;
    disallowedReferences = [
      jdk
      buildJdk
      jars
      pkgs.openssl.out
    ];
    passthru = {
      inherit
        jars
        jdk
        runtime
        source
        version
        ;
    };
    meta = {
      description = "Container images from Nix closures, without tarballs on disk";
      license = lib.licenses.asl20;
      # Maven Central has the libraries as bytecode, and zstd-jni with the native library.
      sourceProvenance = [
        lib.sourceTypes.fromSource
        lib.sourceTypes.binaryBytecode
        lib.sourceTypes.binaryNativeCode
      ];
      mainProgram = "strata";
      maintainers = [ ];
      platforms = [
        "aarch64-darwin"
        "aarch64-linux"
        "x86_64-darwin"
        "x86_64-linux"
      ];
    };
  }
  ''
    home=$out/share/strata
    mkdir -p $out/bin $out/share
    cp -r ${jars} $home
    chmod -R u+w $home

    mkdir zstd-jni
    (cd zstd-jni && jar --extract --file $home/lib/zstd-jni.jar)
    find zstd-jni -name 'libzstd-jni-*' ! -path 'zstd-jni/${zstdLibrary}/*' -delete
    mv zstd-jni/META-INF/MANIFEST.MF manifest
    jar --create --file $home/lib/zstd-jni.jar --date 1980-01-01T00:00:02Z --manifest manifest -C zstd-jni .

    ${lib.optionalString stdenv.hostPlatform.isLinux ''
      # Strata calls three functions of it, which need neither its configuration nor its modules.
      install -m 644 ${pkgs.openssl.out}/lib/libcrypto.so.3 $home/lib
      remove-references-to -t ${pkgs.openssl.out} $home/lib/libcrypto.so.3
    ''}
    cat >$out/bin/strata <<END
    #!${pkgs.runtimeShell}
    export STRATA_JAVA="\''${STRATA_JAVA-${runtime}}"
    exec ${pkgs.runtimeShell} $home/bin/strata "\$@"
    END
    chmod +x $out/bin/strata

    ${lib.optionalString aotCaches ''
      # The caches contain the times of the jars, which Nix sets to this one.
      find $home -exec touch -h -d @1 {} +
      STRATA_AOT_OUTPUT=$home/lib/strata.aot $out/bin/strata build
      STRATA_AOT_OUTPUT=$home/lib/strata-move.aot $out/bin/strata move
      rm -f $home/lib/*.aot.config
    ''}
  ''
