package dev.strata.cli.look;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.CommandLineRun;
import dev.strata.cli.Outcome;
import dev.strata.cli.SampleFolders;
import dev.strata.cli.SbomSchema;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SbomCommandTest {
  private static final String APP = "0c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-app-1.0";
  private static final String PYTHON = "1c9mk2vv2wzbvmnsrb3n1a7dyg4smj4x-python-3.12";

  @TempDir private Path temporary;
  private SampleFolders samples;
  private String image = "";
  private String graph = "";

  @BeforeEach
  void makeImage() throws IOException {
    samples = new SampleFolders(temporary);
    samples.file(APP + "/app", "app");
    jarOf(Test.class, samples.path(APP) + "/junit.jar");
    samples.file(
        PYTHON + "/lib/requests.dist-info/METADATA", "Name: requests\nVersion: 2.32\n\nText\n");
    samples.file(PYTHON + "/lib/broken.jar", "broken");
    samples.file(
        "closure.json",
        "[{\"path\":\""
            + samples.path(APP)
            + "\",\"references\":[\""
            + samples.path(PYTHON)
            + "\"],\"narHash\":\"sha256:"
            + "a".repeat(64)
            + "\",\"narSize\":12},{\"path\":\""
            + samples.path(PYTHON)
            + "\",\"references\":[]}]");
    graph = samples.path("closure.json");
    image = samples.path("image.json");
    strata("build", "--closure-graph", graph, "-o", image).succeeds();
  }

  /** Copies the jar of a class, which Maven built. */
  private static void jarOf(Class<?> type, String target) throws IOException {
    String location =
        Objects.requireNonNull(type.getProtectionDomain().getCodeSource()).getLocation().getPath();
    try (InputStream in = Files.newInputStream(Path.of(location))) {
      Files.copy(in, Path.of(target));
    }
  }

  private Outcome sbom(String... more) {
    String[] arguments = new String[more.length + 4];
    arguments[0] = "sbom";
    arguments[1] = "--closure-graph";
    arguments[2] = graph;
    System.arraycopy(more, 0, arguments, 3, more.length);
    arguments[arguments.length - 1] = image;
    return strata(arguments).succeeds();
  }

  @Test
  void addedFoldersHaveTheirNamesInTheImage() throws IOException {
    samples.file("folder/file", "f");
    String other = samples.path("added.json");
    strata("build", "--add", samples.path("folder") + ":/opt/app", "-o", other).succeeds();
    String text = strata("sbom", other).succeeds().out();
    assertTrue(text.contains("\"/opt/app\""), text);
    assertFalse(text.contains(samples.path("folder")), text);
  }

  @Test
  void bothFormatsConformToTheirSchemas() {
    Outcome cycloneDx = sbom("--name", "example.org/app:1.0");
    SbomSchema.CYCLONEDX.accepts(cycloneDx.bytes());
    assertTrue(cycloneDx.out().contains("pkg:pypi/requests@2.32"), cycloneDx.out());
    assertTrue(cycloneDx.out().contains("pkg:nix/python@3.12"), cycloneDx.out());
    assertTrue(cycloneDx.out().contains("repository_url=example.org/app&tag=1.0"));
    assertTrue(
        cycloneDx.err().contains("broken.jar' was passed over: it is not a zip file"),
        cycloneDx.err());
    SbomSchema.SPDX.accepts(sbom("--format", "spdx").bytes());
  }

  @Test
  void theSchemasFindFaults() {
    String cycloneDx = sbom().out();
    assertFalse(
        SbomSchema.CYCLONEDX.problems(cycloneDx.replace("\"application\"", "\"app\"")).isEmpty());
    String spdx = sbom("-f", "spdx").out();
    assertFalse(SbomSchema.SPDX.problems(spdx.replace("DEPENDS_ON", "NEEDS")).isEmpty());
    assertEquals(Set.of(), SbomSchema.SPDX.problems(spdx));
  }

  @Test
  void theSameImageGivesTheSameBytesForAnyNumberOfJobs() throws IOException {
    String file = samples.path("app.cdx.json");
    sbom("-o", file, "-j", "1");
    assertArrayEquals(Files.readAllBytes(Path.of(file)), sbom("-j", "8").bytes());
    strata("copy", image, "oci:" + samples.path("layout") + ":app").succeeds();
    String other =
        strata("sbom", "--closure-graph", graph, "oci:" + samples.path("layout") + ":app")
            .succeeds()
            .out();
    // The digest is that of the compressed image; the packages are the same.
    assertTrue(other.contains("pkg:pypi/requests@2.32"), other);
    SbomSchema.CYCLONEDX.accepts(other.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void theTimestampIsThatOfTheEnvironment() {
    Outcome outcome =
        new CommandLineRun()
            .with("SOURCE_DATE_EPOCH", "1700000000")
            .run("sbom", "--closure-graph", graph, image)
            .succeeds();
    assertTrue(outcome.out().contains("\"timestamp\": \"2023-11-14T22:13:20Z\""), outcome.out());
    SbomSchema.CYCLONEDX.accepts(outcome.bytes());
    new CommandLineRun()
        .with("SOURCE_DATE_EPOCH", "today")
        .run("sbom", "--closure-graph", graph, image)
        .isBadUsage(2, "SOURCE_DATE_EPOCH must be a number of seconds, got 'today'");
  }

  @Test
  void anUnknownFormatIsBadUsage() {
    strata("sbom", "--format", "xml", image)
        .isBadUsage(2, "--format: must be cyclonedx or spdx, got 'xml'");
  }
}
