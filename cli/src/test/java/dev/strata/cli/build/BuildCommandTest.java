package dev.strata.cli.build;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.Outcome;
import dev.strata.cli.SampleFolders;
import dev.strata.image.Image;
import dev.strata.internal.json.JsonInput;
import dev.strata.layer.Layer;
import dev.strata.layering.LayerPath;
import dev.strata.oci.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BuildCommandTest {
  @TempDir private Path directory = Path.of("");
  private SampleFolders sample = new SampleFolders(directory);
  private String site = "";
  private String app = "";
  private String output = "";

  @BeforeEach
  void makeFolders() throws IOException {
    sample = new SampleFolders(directory);
    sample.file("site/index.html", "<p>hello");
    sample.file("site/css/main.css", "p {}");
    sample.file("app/bin/run", "#!/bin/sh");
    site = sample.path("site");
    app = sample.path("app");
    output = sample.path("image.json");
  }

  @Test
  void warnsOfFilesWithTheSetuidBit() throws IOException {
    Files.setAttribute(directory.resolve("app/bin/run"), "unix:mode", 04755);
    Files.setAttribute(directory.resolve("site/css/main.css"), "unix:mode", 02755);
    Files.setAttribute(directory.resolve("site/css"), "unix:mode", 02755);

    Outcome outcome = strata("build", app, site, "-o", output);

    assertEquals(0, outcome.exit());
    assertTrue(
        outcome.err().contains("warning: the image contains 2 files with the setuid or setgid bit"),
        outcome.err());
    assertTrue(
        outcome.err().contains(app + "/bin/run'")
            || outcome.err().contains(site + "/css/main.css'"),
        outcome.err());
  }

  private Image image() {
    return Image.read(directory.resolve("image.json"));
  }

  /** Only build records the state of paths that can change. */
  private static Image withoutStamps(Image image) {
    return new Image(
        image.version(),
        image.config(),
        image.layers().stream().map(l -> l.toBuilder().stamps(List.of()).build()).toList(),
        image.arch(),
        image.created());
  }

  private static List<String> paths(Layer layer) {
    return layer.paths().stream().map(LayerPath::path).toList();
  }

  private String graph() throws IOException {
    return sample.file(
        "graph.json",
        """
        [{"path": "%1$s", "references": ["%1$s"]}, {"path": "%2$s", "references": ["%1$s"]}]
        """
            .formatted(site, app));
  }

  @Test
  void buildsOneLayerForEachFolderAndPrintsTotals() {
    Outcome outcome = strata("build", site, app, "-o", output).succeeds();

    Image image = image();
    assertEquals(2, image.layers().size());
    assertEquals(List.of(site), paths(image.layers().get(0)));
    assertEquals(List.of(app), paths(image.layers().get(1)));
    assertEquals("1970-01-01T00:00:01Z", String.valueOf(image.created()));
    assertEquals(Platform.localArchitecture(), image.arch());
    for (Layer layer : image.layers()) {
      assertTrue(outcome.out().contains(layer.digest().hex().substring(0, 12)), outcome.out());
    }
    String summary = outcome.out();
    assertTrue(summary.contains("LAYER  DIGEST"), summary);
    assertTrue(summary.contains(": 2 layers, 2 paths, "), summary);
    assertTrue(summary.contains("B/s), image id "), summary);
    assertEquals("", outcome.err());
  }

  @Test
  void writesTheSameBytesAsTheDropInCommands() throws IOException {
    sample.file(
        "rewrites.json",
        "[{\"path\":\"%s\",\"regex\":\"^%s\",\"repl\":\"\"}]".formatted(site, site));
    sample.file(
        "history.json", "{\"created\":\"2024-05-13T09:31:10Z\",\"created_by\":\"strata build\"}");
    sample.file(
        "perms.json", "[{\"path\":\"%s\",\"regex\":\"run\",\"mode\":\"755\"}]".formatted(app));
    sample.file("config.json", "{\"Cmd\":[\"run\"]}");
    String[] shared = {"--perms", sample.path("perms.json"), "--max-layers", "5"};
    strata(
            "layers-from-reproducible-storepaths",
            sample.path("layers.json"),
            graph(),
            "--rewrites",
            sample.path("rewrites.json"),
            "--history",
            sample.path("history.json"),
            shared[0],
            shared[1],
            shared[2],
            shared[3])
        .succeeds();
    strata(
            "image",
            sample.path("expected.json"),
            sample.path("config.json"),
            sample.path("layers.json"),
            "--created",
            "2024-05-13T09:31:10Z",
            "--arch",
            "arm64")
        .succeeds();

    strata(
            "build",
            "--closure-graph",
            graph(),
            "--copy-to-root",
            site,
            "--config",
            sample.path("config.json"),
            "--created=2024-05-13T09:31:10Z",
            "--arch=arm64",
            "-o",
            output,
            shared[0],
            shared[1],
            shared[2],
            shared[3])
        .succeeds();

    assertEquals(sample.read("expected.json"), withoutStamps(image()).toJson());
  }

  @Test
  void putsTheContentsOfAFolderAtTheRoot() {
    strata("build", "--copy-to-root", site, "--quiet", "-o", output).succeeds();

    List<String> names = strata("tar", output).succeeds().tarNames();
    assertTrue(names.contains("/index.html") || names.contains("index.html"), names.toString());
    assertFalse(names.toString().contains("site"), names.toString());
  }

  @Test
  void escapesCharactersOfRegularExpressions() throws IOException {
    sample.file("c++ (1)/x", "x");
    strata("build", "--copy-to-root", sample.path("c++ (1)"), "-q", "-o", output).succeeds();

    assertFalse(strata("tar", output).succeeds().tarNames().toString().contains("c++"));
  }

  @Test
  void addsMissingPathsToTheGraph() throws IOException {
    sample.file("more/file", "x");
    strata(
            "build",
            "--closure-graph",
            graph(),
            "--copy-to-root",
            sample.path("more"),
            app,
            "-o",
            output)
        .succeeds();

    assertEquals(
        List.of(List.of(site), List.of(sample.path("more")), List.of(app)),
        image().layers().stream().map(BuildCommandTest::paths).toList());
  }

  @Test
  void putsTheRemainingPathsInTheLastLayer() {
    strata("build", site, app, "--max-layers", "1", "-o", output).succeeds();

    assertEquals(
        List.of(List.of(site, app)),
        image().layers().stream().map(BuildCommandTest::paths).toList());
  }

  @Test
  void buildsOnABaseImage() {
    strata("build", site, "-o", sample.path("base.json")).succeeds();
    Outcome outcome =
        strata("build", app, "--from-image", sample.path("base.json"), "-o", output).succeeds();

    assertEquals(2, image().layers().size());
    assertTrue(outcome.out().contains("(base image)"), outcome.out());
    assertTrue(outcome.out().contains("2 layers (1 from the base image), 1 path, "), outcome.out());
  }

  @Test
  void doesNotDependOnWorkersOrTheOrderOfPaths() throws IOException {
    strata("build", site, app, "-q", "-o", output).succeeds();
    String first = sample.read("image.json");
    strata("build", app, site, "-q", "-j", "7", "-o", output).succeeds();

    assertEquals(first, sample.read("image.json"));
  }

  @Test
  void printsNothingWhenQuiet() {
    Outcome outcome = strata("build", site, "--quiet", "-o", output).succeeds();

    assertEquals("", outcome.out() + outcome.err());
  }

  @Test
  void printsJson() {
    Outcome outcome = strata("build", site, app, "--json", "-o", output).succeeds();

    Map<String, Object> values = new TreeMap<>();
    JsonInput.parse(
        "summary",
        outcome.out().getBytes(StandardCharsets.UTF_8),
        in -> {
          in.object(
              "a summary",
              (key, value) -> {
                switch (key) {
                  case "image", "configdigest" -> values.put(key, value.string(""));
                  case "layers" ->
                      values.put(
                          key,
                          value.list(
                              "layers",
                              l -> {
                                l.skip();
                                return 1;
                              }));
                  default -> values.put(key, value.integer(-1));
                }
              });
          return values;
        });
    assertEquals(output, values.get("image"));
    assertEquals(image().configBlob().descriptor().digest().value(), values.get("configdigest"));
    assertEquals(List.of(1, 1), values.get("layers"));
    assertEquals(2L, values.get("paths"));
    Object bytes = image().layers().stream().mapToLong(l -> l.size().orElseThrow()).sum();
    assertEquals(bytes, values.get("bytes"));
    assertTrue(values.containsKey("milliseconds") && values.containsKey("bytespersecond"));
  }

  @Test
  void followsALinkToAFolder() throws IOException {
    Files.createSymbolicLink(directory.resolve("result"), Path.of("site"));
    strata("build", sample.path("result"), "-o", output).succeeds();

    assertEquals(
        List.of(directory.toRealPath().resolve("site").toString()),
        paths(image().layers().getFirst()));
  }

  @Test
  void failsOnAMissingPath() {
    strata("build", sample.path("nope"), "-o", output)
        .fails("cannot find '" + sample.path("nope") + "': no such file or directory");
    assertFalse(Files.exists(directory.resolve("image.json")));
  }

  @Test
  void failsEarlyIfTheOutputCannotBeWritten() {
    strata("build", site, "-o", sample.path("no/image.json"))
        .fails("cannot write", "does not exist");
    strata("build", site, "-o", directory.toString()).fails("it is a directory");
  }

  @Test
  void keepsTheOldImageWhenItFails() throws IOException {
    sample.file("image.json", "old");
    sample.file("perms.json", "[{\"path\":\"%s\",\"regex\":\"(\"}]".formatted(site));
    sample.file("config.json", "{\"Cmd\": 1}");

    strata("build", site, "-o", output, "--perms", sample.path("perms.json")).fails();
    strata("build", site, "-o", output, "--config", sample.path("config.json"))
        .fails("config.json", "Cmd should be an array of strings but is a number");
    strata("build", "--closure-graph", sample.path("config.json"), "-o", output).fails();

    assertEquals("old", sample.read("image.json"));
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(0, files.filter(f -> f.toString().endsWith(".tmp")).count());
    }
  }

  @Test
  void rejectsMissingAndContradictingArguments() {
    strata("build").isBadUsage(2, "nothing to build", "PATH");
    strata("build", site, "--quiet", "--json").isBadUsage(2, "--quiet and --json");
    strata("build", site, "--max-layers", "0").isBadUsage(2, "--max-layers", "'0'");
    strata("build", site, "--jobs", "many").isBadUsage(2, "--jobs", "'many'");
    strata("build", site, "--created", "today").isBadUsage(2, "--created", "RFC 3339");
    strata("build", site, "--confg", "x").isBadUsage(2, "--confg", "--config");
    strata("build", site, "-o").isBadUsage(2, "--output");
  }

  @Test
  void showsAStackTraceForDebugOnly() {
    Outcome outcome = strata("--debug", "build", sample.path("nope"), "-o", output);
    assertEquals(1, outcome.exit());
    assertTrue(outcome.err().contains("\tat "), outcome.err());
    assertTrue(strata("build", "-d", sample.path("nope")).err().contains("\tat "));
  }
}
