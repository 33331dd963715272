package dev.strata.cli.build;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.CommandLineRun;
import dev.strata.cli.Outcome;
import dev.strata.cli.SampleFolders;
import dev.strata.oci.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Warnings of images that would not run. */
final class ProgramCheckTest {
  @TempDir private Path directory = Path.of("");
  private SampleFolders sample = new SampleFolders(directory);
  private String app = "";
  private String json = "";

  @BeforeEach
  void makeFolder() throws IOException {
    sample = new SampleFolders(directory);
    sample.file("app/run", "#!/bin/sh\n");
    sample.file("app/data", "text");
    Files.setAttribute(directory.resolve("app/run"), "unix:mode", 0755);
    app = sample.path("app");
    json = sample.path("image.json");
  }

  private String warnings(String... more) {
    List<String> args = new ArrayList<>(List.of("build", "-q", "-o", json));
    args.addAll(List.of(more));
    Outcome outcome = new CommandLineRun().run(args).succeeds();
    return outcome.err();
  }

  @Test
  void aProgramThatIsMissingIsReported() {
    String all = app + ":/app";
    assertTrue(
        warnings("--add", all, "--entrypoint", "/app/start")
            .contains("containers run '/app/start', which is not in the image"));
    assertTrue(warnings("--add", all, "--cmd", "/run").contains("'/run', which is not in"));
    assertTrue(
        warnings("--add", all + ":exclude=run", "--cmd", "/app/run").contains("is not in the"));
  }

  @Test
  void aProgramThatCannotRunIsReported() {
    String all = app + ":/app";
    assertTrue(warnings("--add", all, "--cmd", "/app/data").contains("is not executable"));
    assertTrue(
        warnings("--add", all + ":mode=0644", "--cmd", "/app/run").contains("is not executable"));
    assertEquals("", warnings("--add", all + ":mode=0755", "--cmd", "/app/data"));
  }

  @Test
  void aShellOrLoaderThatIsMissingIsReported() throws IOException {
    assertTrue(
        warnings("--add", app + ":/app", "--cmd", "/app/run")
            .contains("needs '/bin/sh', which is not in the image; use --from"));
    Path java = Path.of(System.getProperty("java.home"), "bin/java");
    assertTrue(warnings("--add", java + ":/java", "--entrypoint", "/java").contains("needs '/lib"));

    sample.file("root/bin/sh", "");
    assertEquals(
        "",
        warnings("--add", sample.path("root") + ":/", "--add", app + ":/app", "--cmd", "/app/run"));
  }

  @Test
  void aUserThatIsMissingIsReported() {
    String all = app + ":/app";
    assertTrue(
        warnings("--add", all, "--user", "me:me")
            .contains("containers run as 'me', which is not a user of the image"));
    assertEquals("", warnings("--add", all, "--user", "1000:1000"));
    assertEquals("", warnings("--add", all, "--user", "me", "--add-user", "me:1:1:/"));
    assertEquals("", warnings("--add", app + "/data:/etc/passwd", "--user", "me"));
  }

  @Test
  void whatIsNotKnownIsNotReported() throws IOException {
    strata("build", "-q", "--add", app + ":/app", "-o", sample.path("base.json")).succeeds();
    assertEquals("", warnings("--from", sample.path("base.json"), "--cmd", "/bin/other"));
    assertEquals("", warnings("--add", app + ":/app", "--cmd", "run"));
    assertEquals("", warnings("--add", app + ":/app"));

    Files.createSymbolicLink(directory.resolve("app/bin"), Path.of("."));
    assertEquals("", warnings("--add", app + ":/app", "--cmd", "/app/bin/nothing-here"));
  }

  @Test
  void anotherArchitectureThatTheBaseDecidesOnIsReported() {
    String other = Platform.localArchitecture().equals("s390x") ? "amd64" : "s390x";
    String base = sample.path("base.json");
    strata("build", "-q", "--arch", other, "--add", app + ":/app", "-o", base).succeeds();

    assertTrue(
        warnings("--from", base, "--add", app + ":/x")
            .contains("the base image is for " + other + ", and so is the image"));
    assertEquals("", warnings("--from", base, "--platform", "linux/" + other, "--workdir", "/x"));
  }

  @Test
  void placesThatHoldOneImageAreNamed() {
    String local = "linux/" + Platform.localArchitecture();
    String archive = "docker-archive:" + sample.path("one.tar") + ":one:1";
    Outcome outcome =
        strata(
                "build",
                "-q",
                "--platform",
                local + ",linux/s390x",
                "--add",
                app + ":/x",
                "--to",
                archive)
            .succeeds();
    assertTrue(outcome.err().contains(archive + "' holds one image, and gets that for this"));
  }
}
