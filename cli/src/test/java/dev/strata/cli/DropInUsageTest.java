package dev.strata.cli;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How drop-in commands parse arguments, where no recorded case covers it. */
final class DropInUsageTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void badUsageHasTheExitCodeOfTheReference() {
    strata("layers-from-reproducible-storepaths").isBadUsage(1, "OUTPUT");
    strata("layers-from-reproducible-storepaths", "a").isBadUsage(1, "CLOSURE-GRAPH");
    strata("layers-from-non-reproducible-storepaths", "a", "b", "--nope").isBadUsage(1, "--nope");
    strata("layers-from-reproducible-storepaths", "a", "b", "--max-layers", "x")
        .isBadUsage(1, "--max-layers", "'x'");
    strata("image", "a", "b").isBadUsage(1, "LAYERS");
    strata("image", "a", "b", "c", "--created", "now").isBadUsage(1, "--created", "RFC 3339");
    strata("image-from-dir", "a").isBadUsage(1, "DIRECTORY");
    strata("image-from-manifest", "a", "b").isBadUsage(1, "BLOBS");
    strata("layers-from-reproducible-storepaths", "a", "b", "--jobs=0").isBadUsage(1, "--jobs");
  }

  @Test
  void takesFlagsAnywhereInBothForms() throws IOException {
    SampleFolders sample = new SampleFolders(directory);
    String graph =
        sample.file("g.json", "[{\"path\": \"" + sample.path("a") + "\", \"references\": []}]");
    sample.file("a/x", "x");
    String command = "layers-from-reproducible-storepaths";

    strata(command, sample.path("1.json"), graph, "--max-layers", "2").succeeds();
    strata("--debug", command, "--max-layers=2", sample.path("2.json"), graph).succeeds();
    strata(command, "-d", sample.path("3.json"), "--max-layers=0x2", "--perms", "", graph)
        .succeeds();
    strata("--debug=T", command, "--debug=false", "--max-layers=1_0", "--max-layers=2")
        .isBadUsage(1, "OUTPUT");
    strata(command, "--debug=maybe", sample.path("4.json"), graph).isBadUsage(1, "--debug");
    strata("--debug=0", command, "--max-layers=2", "--debug=1", sample.path("5.json"), graph)
        .succeeds();
    strata(command, "--max-layers=7", "--max-layers=2", "--", sample.path("4.json"), graph)
        .succeeds();

    for (String other : new String[] {"2.json", "3.json", "4.json", "5.json"}) {
      assertEquals(sample.read("1.json"), sample.read(other), other);
    }
  }

  @Test
  void doesNotExpandArgumentsWithAnAtSign() throws IOException {
    SampleFolders sample = new SampleFolders(directory);
    sample.file("args", "--help");

    strata("image", "@" + sample.path("args"), "b", "c").fails("cannot read 'b'");
  }

  @Test
  void ignoresFurtherArgumentsWhereTheReferenceDoes() {
    strata("image-from-dir", "a", directory.resolve("nope").toString(), "c", "d")
        .fails("nope/manifest.json");
    strata("image-from-manifest", "a", "b", directory.resolve("nope").toString(), "d")
        .fails("cannot read");
  }
}
