package dev.strata.cli.options;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Digest;
import dev.strata.cli.Outcome;
import dev.strata.cli.SampleFolders;
import dev.strata.image.Image;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class CompressorOptionTest {
  @TempDir private Path temporary;
  private SampleFolders samples;
  private String graph = "";

  @BeforeEach
  void makePaths() throws IOException {
    samples = new SampleFolders(temporary);
    samples.file("site/index.html", "<p>hello ".repeat(40_000));
    samples.file("app/run", "#!/bin/sh\n".repeat(50_000));
    graph =
        samples.file(
            "graph.json",
            """
            [{"path": "%1$s", "references": []}, {"path": "%2$s", "references": ["%1$s"]}]
            """
                .formatted(samples.path("site"), samples.path("app")));
    Files.createDirectories(temporary.resolve("plain"));
    Files.createDirectories(temporary.resolve("packed"));
    Files.createDirectories(temporary.resolve("tars"));
  }

  private List<Layer> layers(String file) {
    return JsonFiles.readLayers(temporary.resolve(file));
  }

  private Outcome makeLayers(String command, String output, String... more) {
    String[] start = {command, samples.path(output), graph, "--max-layers", "2"};
    return strata(Stream.concat(Stream.of(start), Stream.of(more)).toArray(String[]::new));
  }

  @ParameterizedTest
  @CsvSource({
    "gzip, .tar.gz, application/vnd.oci.image.layer.v1.tar+gzip",
    "zstd, .tar.zst, application/vnd.oci.image.layer.v1.tar+zstd",
  })
  void compressedLayersAreNextToTheOutputFile(String format, String suffix, String mediaType)
      throws IOException {
    String command = "layers-from-reproducible-storepaths";
    makeLayers(command, "plain/layers.json").succeeds();
    makeLayers(command, "packed/layers.json", "--compressor", format).succeeds();
    List<Layer> plain = layers("plain/layers.json");
    List<Layer> packed = layers("packed/layers.json");
    assertEquals(2, packed.size());
    for (int i = 0; i < packed.size(); i++) {
      Layer layer = packed.get(i);
      byte[] file = Files.readAllBytes(Path.of(layer.file().orElseThrow()));
      assertEquals(
          temporary.resolve("packed") + "/" + Digest.of(file).hex() + suffix,
          layer.file().orElseThrow());
      assertEquals(Digest.of(file), layer.digest());
      assertEquals(file.length, layer.size().orElseThrow());
      assertEquals(mediaType, layer.mediaType());
      assertEquals(plain.get(i).diffId(), layer.diffId());
      assertEquals(plain.get(i).paths(), layer.paths());
      assertTrue(file.length < plain.get(i).size().orElseThrow() / 5, file.length + " bytes");
    }
    assertEquals(3, files("packed").size(), "two blobs and layers.json");
    assertEquals(1, files("plain").size());
  }

  @Test
  void anyNumberOfWorkersWritesTheSameBytes() throws IOException {
    String command = "layers-from-reproducible-storepaths";
    makeLayers(command, "packed/layers.json", "--compressor", "gzip", "--jobs", "1").succeeds();
    String description = samples.read("packed/layers.json");
    for (String jobs : List.of("2", "8")) {
      makeLayers(command, "packed/layers.json", "--compressor", "gzip", "--jobs", jobs).succeeds();
      assertEquals(description, samples.read("packed/layers.json"));
    }
    assertEquals(3, files("packed").size());
  }

  @Test
  void theTarDirectoryContainsBlobsInsteadOfTars() throws IOException {
    String tars = samples.path("tars");
    makeLayers(
            "layers-from-non-reproducible-storepaths",
            "packed/layers.json",
            "--tar-directory",
            tars,
            "--compressor",
            "zstd",
            "--compression-level",
            "19")
        .succeeds();
    assertEquals(1, files("packed").size());
    assertEquals(
        layers("packed/layers.json").stream().map(l -> l.file().orElseThrow()).sorted().toList(),
        files("tars"));
  }

  @Test
  void builtImageHasTheConfigurationOfTheUncompressedOne() throws IOException {
    String site = samples.path("site");
    strata("build", site, "-o", samples.path("plain/image.json")).succeeds();
    strata("build", site, "-o", samples.path("packed/image.json"), "--compressor", "gzip")
        .succeeds();
    Image plain = Image.read(temporary.resolve("plain/image.json"));
    Image packed = Image.read(temporary.resolve("packed/image.json"));
    assertEquals(plain.configBlob().descriptor(), packed.configBlob().descriptor());
    assertFalse(plain.layers().equals(packed.layers()));

    strata("copy", "-q", samples.path("packed/image.json"), "oci:" + samples.path("layout"))
        .succeeds();
    Layer layer = packed.layers().getFirst();
    assertArrayEquals(
        Files.readAllBytes(Path.of(layer.file().orElseThrow())),
        Files.readAllBytes(temporary.resolve("layout/blobs/sha256/" + layer.digest().hex())));
  }

  @Test
  void invalidFormatsAndLevelsAreRejectedEarly() {
    String command = "layers-from-reproducible-storepaths";
    makeLayers(command, "l.json", "--compressor", "lzma")
        .isBadUsage(1, "'lzma'", "none, gzip, zstd or zstd:chunked");
    makeLayers(command, "l.json", "--compressor", "gzip", "--compression-level", "10")
        .isBadUsage(1, "invalid level 10", "1 to 9");
    assertFalse(Files.exists(temporary.resolve("l.json")));
    makeLayers(command, "l.json", "--compression-level", "3").isBadUsage(1, "--compressor");
  }

  private List<String> files(String folder) throws IOException {
    try (Stream<Path> found = Files.list(temporary.resolve(folder))) {
      return found.map(Path::toString).sorted().toList();
    }
  }
}
