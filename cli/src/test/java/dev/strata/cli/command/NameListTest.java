package dev.strata.cli.command;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.cli.SampleFolders;
import dev.strata.image.Image;
import dev.strata.image.JsonFiles;
import dev.strata.layer.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NameListTest {
  private static final String LAYERS = "layers-from-reproducible-storepaths";

  @TempDir private Path directory = Path.of("");
  private SampleFolders sample = new SampleFolders(directory);

  @BeforeEach
  void makeLayers() throws IOException {
    sample = new SampleFolders(directory);
    for (String name : List.of("a", "b", "c")) {
      sample.file(name + "/file", name);
      strata("closure", sample.path(name), "-o", sample.path(name + "-graph.json")).succeeds();
      strata(LAYERS, sample.path(name + ".json"), sample.path(name + "-graph.json")).succeeds();
    }
    Files.writeString(directory.resolve("config.json"), "{}");
  }

  private String list(String... names) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String name : names) {
      text.append(sample.path(name)).append('\n');
    }
    return Files.writeString(directory.resolve("list"), text + "\n").toString();
  }

  @Test
  void layersOfAListComeBeforeThoseOfTheCommandLine() throws IOException {
    String image = sample.path("image.json");
    strata(
            "image",
            "--layers-list",
            list("b.json", "a.json"),
            image,
            sample.path("config.json"),
            sample.path("c.json"))
        .succeeds();
    List<String> paths =
        Image.read(Path.of(image)).layers().stream().map(l -> l.paths().get(0).path()).toList();
    assertEquals(List.of(sample.path("b"), sample.path("a"), sample.path("c")), paths);
  }

  @Test
  void parentsOfAListCountLikeThoseOfTheCommandLine() throws IOException {
    String graph = sample.path("graph.json");
    strata("closure", sample.path("a"), sample.path("b"), sample.path("c"), "-o", graph).succeeds();
    String layers = sample.path("rest.json");
    strata(LAYERS, "--parents-list", list("a.json"), layers, graph, sample.path("c.json"))
        .succeeds();
    List<Layer> rest = JsonFiles.readLayers(Path.of(layers));
    assertEquals(
        List.of(sample.path("b")), rest.get(0).paths().stream().map(p -> p.path()).toList());
  }

  @Test
  void aLayersFileSplitsTheClosure() throws IOException {
    String graph = sample.path("graph.json");
    strata("closure", sample.path("a"), sample.path("b"), sample.path("c"), "-o", graph).succeeds();
    String split =
        Files.writeString(
                directory.resolve("split.json"),
                "[[\"" + sample.path("b") + "\"],[\"" + sample.path("a") + "\"]]")
            .toString();
    String layers = sample.path("split-layers.json");
    strata(LAYERS, "--layers-file", split, "--max-layers", "1", layers, graph).succeeds();
    List<Layer> made = JsonFiles.readLayers(Path.of(layers));
    // The file replaces --max-layers.
    assertEquals(
        List.of(sample.path("b"), sample.path("a"), sample.path("c")),
        made.stream().map(l -> l.paths().get(0).path()).toList());
  }
}
