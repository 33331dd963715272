package dev.strata.cli.nix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strata.transport.Programs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Nix functions with a Strata that behaves as on macOS. */
class DarwinIT {
  private static final List<String> CASE_HACK =
      List.of("plain", "perms", "excludes", "nonReproducible", "compressed");
  private static final String DIGESTS = "[.[] | [.digest, .diff_ids, .size]]";

  private final Nix linux = Nix.require();
  private final Nix darwin = linux.with("platform", "darwin");

  DarwinIT() {
    assumeTrue(System.getProperty("strata.nix.platform", "").isEmpty(), "compares with Linux");
  }

  private static String layers(Path built) {
    return Nix.jq(built.resolve("layers.json"), DIGESTS);
  }

  @Test
  void layersHaveTheNamesWithoutTheSuffixThatNixAddsOnMacOs() {
    String[] own =
        CASE_HACK.stream().map(name -> "caseHack." + name + ".own").toArray(String[]::new);
    String[] hacked =
        CASE_HACK.stream().map(name -> "caseHack." + name + ".hacked").toArray(String[]::new);
    List<Path> expected = linux.build(own);
    List<Path> ofOwn = darwin.build(own);
    List<Path> ofHacked = darwin.build(hacked);
    for (int i = 0; i < own.length; i++) {
      String digests = layers(expected.get(i));
      assertEquals(digests, layers(ofOwn.get(i)), own[i]);
      assertEquals(digests, layers(ofHacked.get(i)), hacked[i]);
    }
    // On Linux, the suffix is a part of the name.
    for (int i = 0; i < own.length; i++) {
      if (hacked[i].contains("excludes")) {
        String error = linux.failure(hacked[i]);
        assertTrue(error.contains("/share/lib': there is no such file or directory"), error);
      } else {
        assertNotEquals(layers(expected.get(i)), layers(linux.buildOne(hacked[i])), hacked[i]);
      }
    }
  }

  @Test
  void theExamplesAreTheSameImages(@TempDir Path folder) throws IOException {
    String list = Files.readString(Nix.root().resolve("nix/examples/default.nix"));
    String[] names =
        list.lines()
            .filter(line -> line.contains(" = example "))
            .map(line -> "examples." + line.strip().split(" ", 2)[0])
            .toArray(String[]::new);
    assertTrue(names.length > 20, () -> "only " + names.length);
    List<Path> here = linux.build(names);
    List<Path> there = darwin.build(names);

    String image = "[.\"image-config\", [.layers[] | [.digest, .diff_ids, .size, .mediatype]]]";
    for (int i = 0; i < names.length; i++) {
      assertEquals(Nix.jq(here.get(i), image), Nix.jq(there.get(i), image), names[i]);
    }
    String copy = darwin.buildOne("examples.from-tar.copyTo").resolve("bin/copy-to").toString();
    // Libraries of the system are not called on macOS, even if a run of the tests forces it.
    Map<String, String> unforced = Map.of("STRATA_JAVA_OPTS", "");
    Nix.run(unforced, List.of(copy, "oci:" + folder + "/image:tag")).ok();
    String index = Nix.jq(folder.resolve("image/index.json"), ".manifests[].digest");
    assertTrue(index.startsWith("sha256:"), index);
  }

  @Test
  void functionsAndExamplesEvaluateOnEverySystem(@TempDir Path folder) throws IOException {
    Programs.Result result =
        Nix.nix(
            Map.of(),
            "nix-instantiate",
            "--eval",
            "--strict",
            "--json",
            "--read-write-mode",
            Nix.root().resolve("nix/tests/systems.nix").toString());

    Path json = Files.writeString(folder.resolve("systems.json"), result.ok().out());
    assertEquals(
        """
        ["aarch64-darwin","arm64",34,true]
        ["aarch64-linux","arm64",34,true]
        ["x86_64-darwin","amd64",34,true]
        ["x86_64-linux","amd64",34,true]\
        """
            .stripIndent(),
        Nix.jq(
            json, ".[] | [.system, .arch, length, ([.hello, .copyTo] | all(endswith(\".drv\")))]"));
  }
}
