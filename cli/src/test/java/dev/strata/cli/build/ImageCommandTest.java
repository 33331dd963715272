package dev.strata.cli.build;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.image.Image;
import dev.strata.io.FileNames;
import dev.strata.layer.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image command, when it builds layers itself. */
final class ImageCommandTest {
  private static final String LAYERS = "layers-from-reproducible-storepaths";

  @TempDir private Path folder;

  @BeforeEach
  void writeInputs() throws IOException {
    for (String name : List.of("low", "own", "top")) {
      Files.writeString(Files.createDirectory(folder.resolve(name)).resolve("file"), name);
      Files.writeString(
          folder.resolve(name + "-graph.json"),
          "[{\"path\":\"" + folder.resolve(name) + "\",\"references\":[]}]");
    }
    Files.writeString(folder.resolve("config.json"), "{\"Cmd\":[\"/bin/x\"]}");
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  @Test
  void buildsTheLayersOfItsOwnBetweenTheOthers() throws IOException {
    for (String name : List.of("low", "own", "top")) {
      strata(LAYERS, path(name + ".json"), path(name + "-graph.json")).succeeds();
    }
    Files.writeString(folder.resolve("lower"), path("low.json"));
    Files.writeString(folder.resolve("upper"), path("top.json"));
    strata("image", path("apart"), path("config.json"))
        .isBadUsage(1, "LAYERS; specify layers.json files or --closure-graph");
    strata(
            "image",
            path("apart"),
            path("config.json"),
            path("low.json"),
            path("own.json"),
            path("top.json"))
        .succeeds();
    strata(
            "image",
            "--layers-list",
            path("lower"),
            "--top-layers-list",
            path("upper"),
            "--closure-graph",
            path("own-graph.json"),
            path("at-once"),
            path("config.json"))
        .succeeds();
    assertEquals(
        Files.readString(folder.resolve("apart")), Files.readString(folder.resolve("at-once")));
  }

  @Test
  void storesCompressedLayersInTheGivenFolder() throws IOException {
    Files.createDirectory(folder.resolve("blobs"));
    strata(
            "image",
            "--closure-graph",
            path("own-graph.json"),
            "--compressor",
            "gzip",
            "--blob-directory",
            path("blobs"),
            path("image.json"),
            path("config.json"))
        .succeeds();
    List<Layer> layers = Image.read(folder.resolve("image.json")).layers();
    Path blob = FileNames.path(layers.get(0).file().orElseThrow());
    assertEquals(folder.resolve("blobs"), blob.getParent());
    assertTrue(Files.exists(blob));
  }
}
