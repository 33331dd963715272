package dev.strata.cli.nix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Strata as a package of Nix, and the flake. Files of Maven Central come from Maven's folder. */
class PackageIT {
  private static final String MAVEN_REPOSITORY =
      System.getProperty(
          "strata.mavenRepository", System.getProperty("user.home", "") + "/.m2/repository");

  private final Nix nix = Nix.require().with("mavenRepository", MAVEN_REPOSITORY);

  PackageIT() {
    Tools.require("mvn", "nix", "openssl");
  }

  @Test
  void thePackageBringsItsOwnJava(@TempDir Path folder) throws IOException {
    Path strata = nix.buildOne("fromSources");
    // No JDK is left in what an image or a user would have to take along.
    String closure = Nix.nix(Map.of(), "nix-store", "-qR", strata.toString()).ok().out();
    assertFalse(closure.contains("-jdk"), closure);
    Path cache = strata.resolve("share/strata/lib/strata.aot");
    assertTrue(Files.size(cache) > 1 << 20, () -> cache + " is no AOT cache");
    String program = strata.resolve("bin/strata").toString();
    Map<String, String> nothing = Map.of("PATH", "/nowhere", "JAVA_HOME", "");
    // A module that the runtime lacks would show: in files, libc, compression and HTTP.
    Nix.run(nothing, List.of(program, "demo")).ok();
    String image = "nix:" + nix.buildOne("image.plain");
    String[] copy = {
      program, "copy", "--dest-compress-format=zstd", image, "oci:" + folder.resolve("oci") + ":a"
    };
    Nix.run(nothing, List.of(copy)).ok();
    String nobody = "docker://127.0.0.1:1/a:1";
    String said = Nix.run(nothing, List.of(program, "copy", image, nobody)).err();
    assertTrue(said.contains("127.0.0.1:1") && !said.contains("Class"), said);
    String log = cacheLog(program);
    assertFalse(log.contains("[error]") || log.contains("Unable to"), log);
    assertTrue(log.contains("Opened AOT cache"), log);
  }

  private static String cacheLog(String program) {
    Map<String, String> verbose = Map.of("STRATA_JAVA_OPTS", "-Xlog:aot=info:stdout");
    return Nix.run(verbose, List.of(program, "--version")).ok().out();
  }

  @Test
  void theFlakeHasTheFunctionsAndThePrograms(@TempDir Path folder) throws IOException {
    Path copy = checkout(folder.resolve("strata"));
    assertEquals(
        "[\"default\",\"examples\",\"nix2container\",\"nix2container-bin\",\"skopeo-nix2container\",\"strata\"]",
        flake("eval", copy, "packages." + system(), "--json", "--apply", "builtins.attrNames"));
    String built = flake("build", copy, "packages." + system() + ".examples.hello", "--json");
    assertEquals(
        Nix.jq(nix.buildOne("examples.hello"), ".layers[].digest"),
        Nix.jq(Path.of(built.replaceAll(".*\"out\":\"([^\"]*)\".*", "$1")), ".layers[].digest"));
  }

  /** Runs a command of nix on an attribute of the flake, with the miniature set as nixpkgs. */
  private static String flake(String command, Path flake, String attribute, String... more) {
    String[] start = {
      "nix",
      command,
      "--impure",
      "--offline",
      "--no-write-lock-file",
      "--override-input",
      "nixpkgs",
      "path:" + flake.resolve("fixtures/nix"),
      "path:" + flake + "#" + attribute
    };
    List<String> all = new ArrayList<>(List.of(start));
    all.addAll(List.of(more));
    if (command.equals("build")) {
      all.add("--no-link");
    }
    Map<String, String> environment =
        Map.of(
            "STRATA_MAVEN_REPOSITORY",
            MAVEN_REPOSITORY,
            "JAVA_HOME",
            System.getProperty("java.home", ""));
    return Nix.nix(environment, all.toArray(String[]::new)).ok().out().strip();
  }

  private static String system() {
    return Nix.nix(Map.of(), "nix", "eval", "--impure", "--raw", "--expr", "builtins.currentSystem")
        .ok()
        .out();
  }

  /** A copy without what builds leave behind: Nix takes a flake's folder as a whole. */
  private static Path checkout(Path folder) throws IOException {
    Files.createDirectories(folder);
    String copy = "tar -C \"$1\" -c --exclude=target --exclude=.git . | tar -C \"$2\" -x";
    Nix.run("bash", "-c", copy, "bash", Nix.root().toString(), folder.toString()).ok();
    return folder;
  }
}
