package dev.strata.cli.look;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.blob.Digest;
import dev.strata.cli.CommandLineRun;
import dev.strata.cli.Outcome;
import dev.strata.cli.SampleFolders;
import dev.strata.image.JsonFiles;
import dev.strata.layer.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TarCommandTest {
  @TempDir private Path directory = Path.of("");
  private SampleFolders sample = new SampleFolders(directory);
  private String image = "";
  private String layers = "";
  private List<Layer> expected = List.of();

  @BeforeEach
  void buildLayers() throws IOException {
    sample = new SampleFolders(directory);
    sample.file("a/one", "1");
    sample.file("b/two", "22");
    image = sample.path("image.json");
    layers = sample.path("layers.json");
    strata("build", sample.path("a"), sample.path("b"), "-q", "-o", image).succeeds();
    expected = dev.strata.image.Image.read(Path.of(image)).layers();
    Files.writeString(Path.of(layers), JsonFiles.toJson(expected));
  }

  private static String digest(Outcome outcome) {
    return Digest.of(outcome.succeeds().bytes()).value();
  }

  @Test
  void streamsALayerByNumber() {
    assertEquals(expected.get(0).digest().value(), digest(strata("tar", image, "--layer", "0")));
    assertEquals(expected.get(1).digest().value(), digest(strata("tar", image, "-l1")));
    assertEquals(
        expected.get(1).digest().value(), digest(strata("tar", layers, "--layer=1", "-j", "3")));
  }

  @Test
  void streamsALayerByDigest() {
    String digest = expected.get(1).digest().value();
    assertEquals(digest, digest(strata("tar", image, "--layer", digest)));
    assertEquals(digest, digest(strata("tar", layers, "--layer", digest.substring(0, 20))));
    assertEquals(digest, digest(strata("tar", layers, "--layer", digest.substring(7, 20))));
  }

  @Test
  void needsNoNumberForTheOnlyLayer() {
    strata("build", sample.path("a"), "-q", "-o", image).succeeds();
    assertEquals(expected.get(1).digest().value(), digest(strata("tar", image)));
  }

  @Test
  void writesAFile() throws IOException {
    strata("tar", image, "--layer", "0", "-o", sample.path("x.tar")).succeeds();
    assertArrayEquals(
        strata("tar", image, "--layer", "0").bytes(),
        Files.readAllBytes(directory.resolve("x.tar")));
  }

  @Test
  void failsWhenAFileHasChangedAndKeepsTheOldOutput() throws IOException {
    sample.file("x.tar", "old");
    sample.file("b/two", "33");

    strata("tar", image, "--layer", "0", "-o", sample.path("x.tar"))
        .fails("source changed since the build", sample.path("b/two"));

    assertEquals("old", sample.read("x.tar"));
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(0, files.filter(f -> f.toString().endsWith(".tmp")).count());
    }
  }

  @Test
  void doesNotWriteToATerminal() {
    Outcome outcome = new CommandLineRun().onTerminal().run("tar", image, "--layer", "0");
    outcome.isBadUsage(2, "cannot write a tar stream to a terminal", "-o FILE");
    new CommandLineRun()
        .onTerminal()
        .run("tar", image, "--layer", "0", "-o", sample.path("x.tar"))
        .succeeds();
  }

  @Test
  void listsTheLayerNumbers() {
    strata("tar", image).isBadUsage(2, "specify --layer", "has layers 0 to 1");
    strata("tar", image, "--layer", "2").isBadUsage(2, "no layer 2", "has layers 0 to 1");
    strata("tar", image, "--layer", "xyz").isBadUsage(2, "digest starting with sha256:xyz");
    strata("tar", image, "--layer", "sha256:").isBadUsage(2, "several layers");
    strata("tar", image, "--layer", "").isBadUsage(2, "no layer");
    strata("tar").isBadUsage(2, "FILE");
  }

  @Test
  void failsOnOtherFiles() throws IOException {
    strata("tar", sample.path("nope.json")).fails("cannot read", "no such file");
    strata("tar", sample.file("x.json", "7")).fails("x.json", "array of layers");
    strata("tar", sample.file("x.json", "")).fails("x.json", "is empty");
    strata("tar", sample.file("x.json", "null")).isBadUsage(2, "has no layers");
    strata("tar", sample.file("x.json", "[{\"digest\": \"sha256:00\"}]")).fails("invalid digest");
  }
}
