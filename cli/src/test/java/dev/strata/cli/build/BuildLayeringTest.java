package dev.strata.cli.build;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.CommandLineRun;
import dev.strata.cli.Outcome;
import dev.strata.cli.SampleFolders;
import dev.strata.image.Image;
import dev.strata.image.JsonFiles;
import dev.strata.layer.Layer;
import dev.strata.layering.LayerPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the options for layers work in builds. */
final class BuildLayeringTest {
  @TempDir private Path directory = Path.of("");
  private SampleFolders sample = new SampleFolders(directory);
  private String json = "";

  @BeforeEach
  void makeStore() throws IOException {
    directory = directory.toRealPath();
    sample = new SampleFolders(directory);
    json = sample.path("image.json");
    path("libc-1.0", 200_000);
    path("ssl-3.1", 300_000);
    path("python-3.12", 900_000);
    path("cert-1", 10);
    path("app-1.0", 5_000);
    graph("graph.json", "app-1.0");
  }

  private static String storeName(String name) {
    return "0123456789abcdfghijklmnpqrsvwxyz-" + name;
  }

  private String store(String name) {
    return sample.path("store/" + storeName(name));
  }

  private void path(String name, int size) throws IOException {
    sample.file("store/" + storeName(name) + "/data", "x".repeat(size));
  }

  private void graph(String file, String app) throws IOException {
    sample.file(
        file,
        "["
            + entry(app, "python-3.12", "cert-1")
            + ","
            + entry("python-3.12", "libc-1.0", "ssl-3.1")
            + ","
            + entry("ssl-3.1", "libc-1.0")
            + ","
            + entry("libc-1.0")
            + ","
            + entry("cert-1")
            + "]");
  }

  private String entry(String name, String... references) {
    List<String> quoted =
        Arrays.stream(references).map(reference -> "\"" + store(reference) + "\"").toList();
    return "{\"path\":\"" + store(name) + "\",\"references\":" + quoted + "}";
  }

  private Outcome run(String... more) {
    List<String> args = new ArrayList<>(List.of("build", "-q", "-o", json, "--closure-graph"));
    if (!more[0].endsWith(".json")) {
      args.add(sample.path("graph.json"));
    }
    args.addAll(List.of(more));
    return new CommandLineRun()
        .with("NIX_STORE_DIR", sample.path("store"))
        .with("XDG_CACHE_HOME", sample.path("home"))
        .run(args);
  }

  /** Builds, and returns the names of the paths in each layer, sorted. */
  private String layers(String... more) {
    assertEquals("", run(more).succeeds().err());
    return shown(Image.read(Path.of(json)).layers());
  }

  private static String shown(List<Layer> layers) {
    List<String> shown = new ArrayList<>();
    for (Layer layer : layers) {
      TreeSet<String> names = new TreeSet<>();
      for (LayerPath path : layer.paths()) {
        names.add(path.path().replaceAll(".*/", "").replaceAll("^0123456789[a-z]{22}-", ""));
      }
      shown.add(String.join(" ", names));
    }
    return String.join(" | ", shown);
  }

  @Test
  void popularityIsTheDefaultAndThatOfTheReference() {
    String layers = layers("--max-layers", "3");
    assertEquals(layers, layers("--max-layers", "3", "--layering", "popularity"));
    String reference = sample.path("layers.json");
    strata(
            "layers-from-reproducible-storepaths",
            "--max-layers",
            "3",
            reference,
            sample.path("graph.json"))
        .succeeds();
    assertEquals(layers, shown(JsonFiles.readLayers(Path.of(reference))));
  }

  @Test
  void theCommandsOfNix2containerAssignPathsBySizeOnRequest() {
    String[] more = {"--layering", "by-size", "--max-layers", "2", "--min-layer-size", "1kB"};
    List<String> args = new ArrayList<>(List.of("layers-from-reproducible-storepaths"));
    args.addAll(List.of(more));
    String file = sample.path("layers.json");
    args.addAll(List.of(file, sample.path("graph.json")));
    strata(args.toArray(String[]::new)).succeeds();
    assertEquals(layers(more), shown(JsonFiles.readLayers(Path.of(file))));
    args.addAll(List.of("--layers-file", file));
    strata(args.toArray(String[]::new)).isBadUsage(1, "--layers-file cannot be combined");
    strata("layers-from-reproducible-storepaths", "a", "b", "--layering", "fleet")
        .isBadUsage(1, "must be one of popularity, by-size, got 'fleet'");
  }

  @Test
  void bySizeMeasuresPathsWhoseSizeTheGraphDoesNotHave() {
    assertEquals(
        "libc-1.0 python-3.12 ssl-3.1 | app-1.0 cert-1",
        layers("--max-layers", "2", "--layering", "by-size"));
  }

  @Test
  void smallPathsGoTogether() {
    assertEquals(
        "libc-1.0 | ssl-3.1 | app-1.0 cert-1 python-3.12", layers("--min-layer-size", "100kB"));
  }

  @Test
  void whatOftenChangesIsAboveTheOthers() throws IOException {
    assertEquals(
        "cert-1 libc-1.0 | app-1.0 python-3.12 ssl-3.1",
        layers("--max-layers", "2", "--volatile", "ssl"));
    sample.file("list", "# what we build\n\n  app-*  \n");
    assertEquals(
        "cert-1 libc-1.0 python-3.12 ssl-3.1 | app-1.0",
        layers(
            "--max-layers", "2", "--layering", "volatile", "--volatile-list", sample.path("list")));
    assertEquals(
        "cert-1 libc-1.0 python-3.12 ssl-3.1 | app-1.0",
        layers("--max-layers", "2", "--volatile", store("app-1.0")));
    Outcome typo = run("--volatile", "ap").succeeds();
    assertTrue(typo.err().contains("warning: no path has the name 'ap'"), typo.err());
  }

  @Test
  void theLayersOfAnEarlierImageAreKept() throws IOException {
    String old = sample.path("old.json");
    layers("--max-layers", "2", "--layering", "by-size");
    Files.move(Path.of(json), Path.of(old));
    path("app-1.1", 6_000);
    graph("new.json", "app-1.1");
    String[] fromFile = {sample.path("new.json"), "--max-layers", "3", "--volatile-from", old};
    String expected = "libc-1.0 python-3.12 ssl-3.1 | cert-1 | app-1.1";
    assertEquals(expected, layers(fromFile));
    assertEquals(
        Image.read(Path.of(old)).layers().getFirst().digest(),
        Image.read(Path.of(json)).layers().getFirst().digest());

    // The same from an image of which no paths are recorded.
    String layout = "oci:" + sample.path("layout") + ":1";
    strata("copy", old, layout).succeeds();
    assertEquals(
        expected, layers(sample.path("new.json"), "--max-layers", "3", "--volatile-from", layout));
  }

  @Test
  void theFirstBuildNeedsNoEarlierImage() {
    Outcome first =
        run("--max-layers", "2", "--volatile-from", sample.path("missing.json")).succeeds();
    assertTrue(first.err().contains("warning: there is no earlier image"), first.err());
    assertEquals(
        "libc-1.0 python-3.12 ssl-3.1 | app-1.0 cert-1", shown(Image.read(Path.of(json)).layers()));
  }

  @Test
  void foldersOutsideTheStoreAreNeverTakenForUnchanged() throws IOException {
    sample.file("site/index.html", "1");
    String site = sample.path("site");
    String old = sample.path("old.json");
    layers("--copy-to-root", site, "--max-layers", "2", "--layering", "by-size");
    Files.move(Path.of(json), Path.of(old));
    assertEquals(
        "libc-1.0 python-3.12 ssl-3.1 | app-1.0 cert-1 | site",
        layers("--copy-to-root", site, "--max-layers", "3", "--volatile-from", old));
  }

  @Test
  void layersOfAFleetAreUsedAsFarAsTheImageHasThem() throws IOException {
    String file =
        sample.file(
            "fleet.json",
            "[[\"" + store("libc-1.0") + "\",\"/nix/store/other\"],[\"" + store("cert-1") + "\"]]");
    String expected = "libc-1.0 | cert-1 | app-1.0 python-3.12 ssl-3.1";
    assertEquals(expected, layers("--layers-file", file, "--max-layers", "3"));
    assertEquals(
        expected, layers("--layers-file", file, "--max-layers", "3", "--layering", "fleet"));
    String other = sample.file("other.json", "[[\"/nix/store/other\"]]");
    Outcome warned = run("--layers-file", other).succeeds();
    assertTrue(warned.err().contains("other.json' has no path of this image"), warned.err());
  }

  @Test
  void layersOfTheBaseAndAddedFilesCountAgainstTheLimit() throws IOException {
    String base = sample.path("base.json");
    sample.file("files/a", "a");
    String add = sample.path("files") + ":/files";
    String[] below = {"--add", sample.path("files") + ":/1", "--add", sample.path("files") + ":/2"};
    strata("build", "-q", "-o", base, below[0], below[1], below[2], below[3]).succeeds();
    String graph = sample.path("graph.json");

    run(graph, "--from", base, "--add", add, "--max-layers", "5").succeeds();
    assertEquals(5, Image.read(Path.of(json)).layers().size());
    run(graph, "--from", base, "--add", add, "--max-layers", "3")
        .isBadUsage(2, "have 3 layers, so that none is left for paths; use --max-layers 4 or more");
    // Without paths, there is nothing to plan.
    strata("build", "-q", "-o", json, "--from", base, "--add", add, "--max-layers", "1").succeeds();
  }

  @Test
  void theDefaultLeavesRoomForTheBaseInWhatContainerEnginesAllow() throws IOException {
    StringBuilder all = new StringBuilder("[");
    for (int i = 0; i < 100; i++) {
      path("p" + i, 10 + i);
      all.append(i == 0 ? "" : ",").append(entry("p" + i));
    }
    sample.file("many.json", all + "]");
    String base = sample.path("base.json");
    run(sample.path("many.json"), "--max-layers", "100").succeeds();
    Files.move(Path.of(json), Path.of(base));
    for (int i = 0; i < 50; i++) {
      path("q" + i, 10 + i);
    }
    sample.file(
        "more.json",
        all.toString()
                .replaceAll("-p([0-9]+)", "-q$1")
                .replaceAll(",\\{[^}]*-q[5-9][0-9]\"[^}]*\\}", "")
            + "]");
    run(sample.path("more.json"), "--from", base).succeeds();
    assertEquals(127, Image.read(Path.of(json)).layers().size());
  }

  @Test
  void aSecondBuildUsesTheCacheOfLayers() throws IOException {
    String[] args = {"--layering", "by-size", "--max-layers", "3"};
    layers(args);
    String first = Files.readString(Path.of(json));
    path("ssl-3.1", 299_999);
    run(args).succeeds();
    assertEquals(first, Files.readString(Path.of(json)), "store paths are not read again");
    assertNotEquals(first, read("--layering", "by-size", "--max-layers", "3", "--no-cache"));
  }

  private String read(String... args) throws IOException {
    run(args).succeeds();
    return Files.readString(Path.of(json));
  }

  @Test
  void severalPathsAndPlatformsArePlannedTogether() throws IOException {
    sample.file("one/a", "a".repeat(50_000));
    sample.file("two/b", "b");
    sample.file("three/c", "c".repeat(90_000));
    strata(
            "build",
            "-q",
            "-o",
            json,
            "--layering",
            "by-size",
            "--max-layers",
            "2",
            sample.path("one"),
            sample.path("two"),
            sample.path("three"))
        .succeeds();
    assertEquals("three | one two", shown(Image.read(Path.of(json)).layers()));

    String index = sample.path("index.json");
    strata(
            "build",
            "-q",
            "-o",
            index,
            "--layering",
            "by-size",
            "--max-layers",
            "2",
            "--platform",
            "linux/amd64,linux/arm64",
            sample.path("one"),
            sample.path("three"))
        .succeeds();
    assertFalse(Files.readString(Path.of(index)).isEmpty());
  }

  @Test
  void contradictionsAreBadUsage() {
    run("--layering", "bysize").isBadUsage(2, "--layering: must be one of", "'by-size'?");
    run("--layering", "volatile").isBadUsage(2, "requires --volatile, ");
    run("--layering", "fleet").isBadUsage(2, "--layering fleet requires --layers-file");
    run("--layering", "by-size", "--volatile", "app").isBadUsage(2, "require --layering volatile");
    run("--layering", "by-size", "--layers-file", "f").isBadUsage(2, "requires --layering fleet");
    run("--volatile", "app", "--volatile-from", "x.json").isBadUsage(2, "cannot be combined");
    run("--volatile-from", "nowhere:x").isBadUsage(2, "--volatile-from: ");
    run("--min-layer-size", "1 parsec").isBadUsage(2, "such as 500kB or 1MiB, got '1 parsec'");
    run("--min-layer-size", "-1").isBadUsage(2, "--min-layer-size");
  }
}
