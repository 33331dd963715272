package dev.strata.cli.nix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.testing.Tools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Strata as a package of Nix. Files of Maven Central come from Maven's local repository. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PackageIT {
  /**
   * Goal for what only Strata needs: the program, its AOT caches, libcrypto and its Java runtime.
   */
  private static final long MAX_OWN_SIZE = 110_000_000;

  private Nix nix = Nix.require();
  private MavenFiles maven;

  PackageIT() {
    Tools.require("mvn", "nix", "openssl", "strip");
  }

  @BeforeAll
  void copyWhatMavenNeeds() {
    maven = MavenFiles.copy();
    nix = nix.with("mavenRepository", maven.folder.toString());
  }

  @Test
  void thePackageHasTheHashOfTheFilesThatMavenNeeds() throws IOException {
    String source = Files.readString(Nix.root().resolve("nix/package.nix"));
    assertTrue(
        source.contains("mvnHash = \"" + maven.hash + "\""),
        () ->
            "the files that Maven needs have the hash "
                + maven.hash
                + ", which is not in nix/package.nix; run nix/update-maven-hash.sh");
  }

  @Test
  void thePackageBringsItsOwnJava(@TempDir Path folder) throws IOException {
    Path strata = nix.buildOne("package.fromSources");
    for (String cache : List.of("strata.aot", "strata-move.aot")) {
      Path file = strata.resolve("share/strata/lib").resolve(cache);
      assertTrue(Files.size(file) > 1 << 20, () -> file + " is not an AOT cache");
    }
    String program = strata.resolve("bin/strata").toString();
    Map<String, String> nothing = Map.of("PATH", "/nowhere", "JAVA_HOME", "");
    // These runs fail if the runtime lacks a module for files, libc, compression, HTTP or TLS.
    Nix.run(nothing, List.of(program, "demo")).ok();
    String image = "nix:" + nix.buildOne("image.plain");
    String[] copy = {
      program, "copy", "--dest-compress-format=zstd", image, "oci:" + folder.resolve("oci") + ":a"
    };
    Nix.run(nothing, List.of(copy)).ok();
    String registry = "docker://127.0.0.1:1/a:1";
    String error = Nix.run(nothing, List.of(program, "copy", image, registry)).err();
    assertTrue(error.contains("127.0.0.1:1") && !error.contains("Class"), error);
    String log = cacheLog(program);
    assertFalse(log.contains("[error]") || log.contains("Unable to"), log);
    assertTrue(log.contains("Opened AOT cache"), log);
  }

  private static String cacheLog(String program) {
    Map<String, String> verbose = Map.of("STRATA_JAVA_OPTS", "-Xlog:aot=info:stdout");
    return Nix.run(verbose, List.of(program, "--version")).ok().out();
  }

  @Test
  void theClosureIsSmallAndHasNoJdkInIt() {
    Path strata = nix.buildOne("package.fromSources");
    String closure = Nix.nix(Map.of(), "nix-store", "-qR", strata.toString()).ok().out();
    assertFalse(closure.contains("-jdk") || closure.contains("-strata-jars"), closure);
    List<String> own = new ArrayList<>(List.of("nix-store", "-q", "--size"));
    closure.lines().filter(path -> path.contains("-strata")).forEach(own::add);
    assertEquals(2, own.size() - 3, closure);
    long size =
        Nix.nix(Map.of(), own.toArray(String[]::new))
            .ok()
            .out()
            .lines()
            .mapToLong(Long::parseLong)
            .sum();
    assertTrue(size < MAX_OWN_SIZE, () -> "the program and its runtime have " + size + " bytes");
  }

  @Test
  void theRuntimeIsLinkedFromTheGivenJdkAndRefersToNothingOfTheBuild() throws IOException {
    Path runtime = nix.buildOne("package.otherJdk");
    String arguments = Files.readString(runtime.resolve("arguments"));
    assertTrue(
        arguments.matches("(?s)--module-path\n/nix/store/e{32}-fake-jdk/jmods\n.*"), arguments);
    assertTrue(arguments.contains("--add-modules\njava.base,java.net.http,"), arguments);
    String library = Files.readString(runtime.resolve("lib/library"));
    assertTrue(library.contains("compiler in /nix/store/" + "e".repeat(32) + "-compiler"), library);
    assertTrue(library.contains("-bash/bin/bash"), library);
  }

  @Test
  void anOverlayAddsThePackagesAndFunctions() {
    assertEquals(
        nix.buildOne("package.fromSources").toString(), nix.text("package.overlay.strata.outPath"));
    assertEquals(
        "[buildImage,buildLayer,pullImage,pullImageFromManifest]",
        nix.text("package.overlay.functions"));
  }

  @Test
  void partsOfThePackageCanBeOverridden() {
    assertNotEquals(
        nix.text("package.fromSources.outPath"), nix.text("package.otherModules.outPath"));
  }

  @Test
  void imagesForOtherPlatformsAreBuiltByAProgramOfThisOne() {
    assertEquals("arm64", nix.text("package.cross.arch"));
    // Both can be evaluated; only the program for this platform can run here.
    String here = nix.text("package.fromSources.drvPath");
    String there = nix.text("package.cross.strata.drvPath");
    assertNotEquals(here, there);
    String inputs = nix.text("package.cross.inputs");
    assertTrue(inputs.contains(here) && !inputs.contains(there), inputs);
  }

  @Test
  void thePackageAddsLittleToTheEvaluationOfAnImage() {
    long fromSources = functionCalls();
    long given = functionCalls("--argstr", "strata", "/nix/store/strata");
    assertTrue(fromSources - given < 150, () -> fromSources + " function calls, not " + given);
    assertTrue(given < 1_500, () -> given + " function calls for a small image");
  }

  /** The number of function calls in the evaluation of a small image. */
  private long functionCalls(String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "nix-instantiate",
                Nix.root().resolve("nix/tests/one-image.nix").toString(),
                "--argstr",
                "mavenRepository",
                maven.folder.toString(),
                "--argstr",
                "javaHome",
                System.getProperty("java.home", "")));
    command.addAll(List.of(arguments));
    Map<String, String> statistics = Map.of("NIX_SHOW_STATS", "1");
    String printed = Nix.nix(statistics, command.toArray(String[]::new)).ok().err();
    Matcher calls = Pattern.compile("\"nrFunctionCalls\": ([0-9]+)").matcher(printed);
    assertTrue(calls.find(), printed);
    return Long.parseLong(calls.group(1));
  }

  @Test
  void theFlakeHasTheFunctionsAndThePrograms(@TempDir Path folder) throws IOException {
    Flake flake = Flake.copy(Nix.prepared(), folder, maven);
    String packages = "packages." + flake.system();
    assertEquals(
        "[\"default\",\"nix2container\",\"nix2container-bin\",\"skopeo-nix2container\",\"strata\"]",
        flake.eval(packages, "builtins.attrNames"));
    assertEquals(
        "[\"buildImage\",\"buildLayer\",\"pullImage\",\"pullImageFromManifest\"]",
        flake.eval(
            packages + ".nix2container",
            "p: builtins.filter (name: builtins.isFunction p.${name}) (builtins.attrNames p)"));
    flake.nix("flake check").ok();
    String built =
        flake.nix("build", flake.output("examples.hello"), "--no-link", "--json").ok().out();
    assertEquals(
        Nix.jq(nix.buildOne("examples.hello"), ".layers[].digest"),
        Nix.jq(
            Path.of(built.strip().replaceAll(".*\"out\":\"([^\"]*)\".*", "$1")),
            ".layers[].digest"));
  }
}
