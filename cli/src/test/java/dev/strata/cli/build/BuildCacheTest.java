package dev.strata.cli.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.strata.cli.CommandLineRun;
import dev.strata.cli.SampleFolders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store path that changes, as none does, shows whether its files were read. */
final class BuildCacheTest {
  private static final String NAME = "0123456789abcdfghijklmnpqrsvwxyz-hello";

  @TempDir private Path directory = Path.of("");
  private SampleFolders sample = new SampleFolders(directory);
  private String graph = "";
  private String output = "";

  @BeforeEach
  void makeStore() throws IOException {
    directory = directory.toRealPath();
    sample = new SampleFolders(directory);
    sample.file("store/" + NAME + "/bin/hello", "one");
    graph =
        sample.file(
            "graph.json",
            "[{\"path\": \"%s\", \"references\": []}]".formatted(sample.path("store/" + NAME)));
    output = sample.path("image.json");
  }

  private CommandLineRun run() {
    return new CommandLineRun()
        .with("XDG_CACHE_HOME", sample.path("home"))
        .with("NIX_STORE_DIR", sample.path("store"));
  }

  private String image(String... more) throws IOException {
    String[] args = {"build", "--closure-graph", graph, "-o", output};
    String[] all = Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    run().run(all).succeeds();
    return Files.readString(Path.of(output));
  }

  private void change() throws IOException {
    sample.file("store/" + NAME + "/bin/hello", "two");
  }

  @Test
  void aSecondBuildDoesNotReadStorePathsAgain() throws IOException {
    String first = image();
    change();
    assertEquals(first, image());
  }

  @Test
  void noCacheReadsAndRemembersNothing() throws IOException {
    String first = image("--no-cache");
    assertFalse(Files.exists(Path.of(sample.path("home"))));
    image();
    change();
    assertNotEquals(first, image("--no-cache"));
    assertEquals(first, image());
  }

  @Test
  void aWitnessIsWrittenFromTheFiles() throws IOException {
    String first = image();
    change();
    assertNotEquals(first, image("--witness", sample.path("witness")));
  }

  @Test
  void theSummaryIsTheSame() {
    String[] args = {"build", "--closure-graph", graph, "-o", output, "--json"};
    String figures = "\"(milliseconds|bytesPerSecond)\": [0-9]+";
    assertEquals(
        run().run(args).succeeds().out().replaceAll(figures, ""),
        run().run(args).succeeds().out().replaceAll(figures, ""));
  }

  @Test
  void theDropInCommandsReadEverything() throws IOException {
    image();
    change();
    String layers = sample.path("layers.json");
    run().run("layers-from-reproducible-storepaths", layers, graph).succeeds();
    String cached = layersOf(layers);
    new CommandLineRun().run("layers-from-reproducible-storepaths", layers, graph).succeeds();
    assertEquals(layersOf(layers), cached);
  }

  private static String layersOf(String file) throws IOException {
    return Files.readString(Path.of(file));
  }

  @Test
  void withoutHomeDirectoryNothingIsRemembered() throws IOException {
    for (int i = 0; i < 2; i++) {
      new CommandLineRun()
          .with("HOME", sample.path("homeless-shelter"))
          .with("NIX_STORE_DIR", sample.path("store"))
          .run("build", "--closure-graph", graph, "-o", output)
          .succeeds();
    }
    assertFalse(Files.exists(Path.of(sample.path("homeless-shelter"))));
  }
}
