package dev.strata.cli.build;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.CommandLineRun;
import dev.strata.cli.Outcome;
import dev.strata.cli.SampleFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code -o -} prints. */
final class StandardOutputTest {
  @TempDir private Path directory = Path.of("");

  private String app = "";

  @BeforeEach
  void prepare() throws IOException {
    SampleFolders samples = new SampleFolders(directory);
    samples.file("app/file", "text");
    app = samples.path("app");
  }

  private String file(String name) {
    return directory.resolve(name).toString();
  }

  @Test
  void buildPrintsWhatItWouldWrite() throws IOException {
    strata("build", app, "--no-cache", "-o", file("image.json")).succeeds();

    Outcome printed = strata("build", app, "--no-cache", "-o", "-").succeeds();

    assertEquals(Files.readString(directory.resolve("image.json")), printed.out());
    assertTrue(printed.err().contains("built in"), printed.err());
    assertFalse(Files.exists(Path.of("-")));
    assertEquals("", strata("build", app, "--no-cache", "-q", "-o", "-").succeeds().err());
  }

  @Test
  void theOtherCommandsPrintTheSame() throws IOException {
    strata("build", app, "-o", file("image.json")).succeeds();
    for (String[] command :
        new String[][] {
          {"closure", app},
          {"tar", file("image.json")},
          {"sbom", file("image.json")},
          {"report", file("image.json")}
        }) {
      String[] toFile = {command[0], command[1], "-o", file("out")};
      strata(toFile).succeeds();
      Outcome printed = strata(command[0], command[1], "-o", "-").succeeds();
      assertEquals(Files.size(directory.resolve("out")), printed.bytes().length, command[0]);
    }
    strata("index", file("all.json"), file("image.json")).succeeds();
    assertEquals(
        Files.readString(directory.resolve("all.json")),
        strata("index", "-", file("image.json")).succeeds().out());
  }

  @Test
  void planPrintsWhatItWouldWrite() throws IOException {
    strata("closure", app, "-o", file("a.json")).succeeds();
    new SampleFolders(directory).file("more/file", "more");
    strata("closure", app, file("more"), "-o", file("b.json")).succeeds();
    for (String kind : new String[] {"--fleet", "--compare"}) {
      strata("plan", kind, file("a.json"), file("b.json"), "-o", file("out")).succeeds();
      Outcome printed = strata("plan", kind, file("a.json"), file("b.json"), "-o", "-").succeeds();
      assertEquals(Files.readString(directory.resolve("out")), printed.out());
    }
    strata("plan", "--fleet", file("a.json"), file("b.json"), "-o", "-", "--json")
        .isBadUsage(2, "-o - and --json");
  }

  @Test
  void anArchiveIsNotMixedWithTheSummary() {
    strata("build", app, "--to", "docker-archive:-:a:1", "--json")
        .isBadUsage(2, "an archive on standard output cannot be combined");
    new CommandLineRun()
        .onTerminal()
        .run("build", app, "--to", "oci-archive:-")
        .isBadUsage(2, "cannot write an archive to a terminal");
    new CommandLineRun()
        .onTerminal()
        .run("copy", file("image.json"), "docker-archive:-:a:1")
        .isBadUsage(2, "cannot write an archive to a terminal");
  }

  @Test
  void bytesThatAreNoTextDoNotGoToATerminal() {
    strata("build", app, "-o", file("image.json")).succeeds();

    Outcome outcome = new CommandLineRun().onTerminal().run("tar", file("image.json"), "-o", "-");

    outcome.isBadUsage(2, "cannot write a tar stream to a terminal");
  }
}
