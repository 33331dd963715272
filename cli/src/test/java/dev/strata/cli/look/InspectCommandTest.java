package dev.strata.cli.look;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.cli.CommandLineRun;
import dev.strata.cli.SampleFolders;
import dev.strata.cli.terminal.Sizes;
import dev.strata.image.Image;
import dev.strata.internal.json.JsonInput;
import dev.strata.layer.Layer;
import dev.strata.oci.Reference;
import dev.strata.serve.RegistryServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class InspectCommandTest {
  @TempDir private Path temporary;
  private SampleFolders samples;
  private String file = "";
  private Image image;

  @BeforeEach
  void makeImage() throws IOException {
    samples = new SampleFolders(temporary);
    samples.file("big/data", "0123456789".repeat(20_000));
    samples.file("small/data", "x");
    samples.file("config.json", "{\"Env\":[\"A=b\"],\"Labels\":{\"who\":\"me\"}}");
    file = samples.path("image.json");
    strata(
            "build",
            samples.path("big"),
            samples.path("small"),
            "--config",
            samples.path("config.json"),
            "-o",
            file)
        .succeeds();
    image = Image.read(Path.of(file));
  }

  /** Copies the image by a transport and returns its location. */
  private String copy(String transport) {
    String place = transport + ":" + samples.path("copy");
    place += transport.equals("dir") ? "" : transport.equals("docker-archive") ? ":app:1" : ":1";
    strata("copy", "-q", "--preserve-digests", file, place).succeeds();
    return place;
  }

  private void assertShowsLayers(String place) {
    String table = strata("inspect", place).succeeds().out();
    for (Layer layer : image.layers()) {
      assertTrue(table.contains(layer.digest().hex().substring(0, 12)), table);
      assertTrue(table.contains(Sizes.bytes(layer.size().orElseThrow())), table);
    }
    assertTrue(table.contains("linux/" + image.arch()), table);
  }

  private void assertGivesDocumentsToTheByte(String place) throws IOException {
    byte[] config = strata("inspect", "--config", place).succeeds().bytes();
    assertArrayEquals(dev.strata.oci.Manifest.bytes(image.configBlob()), config, "configuration");
    assertArrayEquals(
        strata("manifest", place).succeeds().bytes(),
        strata("inspect", "--raw", place).succeeds().bytes());
  }

  @Test
  void showsAddedFoldersUnderTheirNamesInTheImage() {
    String other = samples.path("added.json");
    strata("build", "--add", samples.path("big") + ":/opt/big", "-o", other).succeeds();
    String table = strata("inspect", other).succeeds().out();
    assertTrue(table.contains("  /opt/big\n"), table);
    assertFalse(table.contains(samples.path("big")), table);
  }

  @Test
  void showsLayersAndTheLargestPathsOfAnImageFile() throws IOException {
    assertShowsLayers(file);
    assertGivesDocumentsToTheByte("nix:" + file);
    List<String> lines =
        strata("inspect", "--largest", "1", file).succeeds().out().lines().toList();
    assertTrue(lines.getLast().contains(samples.path("big")), lines.getLast());
    assertTrue(lines.getLast().contains("97.5 %"), lines.getLast());
  }

  @ParameterizedTest
  @ValueSource(strings = {"oci", "oci-archive", "docker-archive", "dir"})
  void showsWhatWasCopied(String transport) throws IOException {
    String place = copy(transport);
    assertShowsLayers(place);
    assertGivesDocumentsToTheByte(place);
    String table = strata("inspect", place).succeeds().out();
    assertTrue(table.contains("LARGEST PATHS"), table);
  }

  @Test
  void escapesControlCharacters() throws IOException {
    String hostile = samples.path("hostile.json");
    strata("build", samples.path("big"), "--arch", "arm64", "-o", hostile).succeeds();
    Path file = Path.of(hostile);
    Files.writeString(file, Files.readString(file).replace("\"arm64\"", "\"a\\u001b[2J\""));
    String shown = strata("inspect", hostile).succeeds().out();
    assertTrue(shown.contains("linux/a\\x1B[2J"), shown);
    assertEquals(-1, shown.indexOf('\u001b'), shown);
  }

  @Test
  void doesNotDownloadLayers() throws IOException {
    List<String> asked = new ArrayList<>();
    Reference name = Reference.parse("app:1");
    try (RegistryServer server =
        new RegistryServer.Builder(1)
            .add(image, name)
            .listener(
                new RegistryServer.Listener() {
                  @Override
                  public void responded(String method, String path, int status, long bytes) {
                    if (bytes > 0 && method.equals("GET")) {
                      synchronized (asked) {
                        asked.add(path);
                      }
                    }
                  }
                })
            .start()) {
      String place = "docker://" + server.reference(name);
      assertShowsLayers(place);
      assertGivesDocumentsToTheByte(place);
    }
    for (Layer layer : image.layers()) {
      assertTrue(
          asked.stream().noneMatch(a -> a.endsWith(layer.digest().value())), asked.toString());
    }
  }

  @Test
  void jsonHasSkopeosNames() {
    String json = strata("inspect", "--json", file).succeeds().out();
    List<String> names = new ArrayList<>();
    JsonInput.parse(
        "inspect --json",
        json.getBytes(StandardCharsets.UTF_8),
        in -> {
          in.object(
              "a report",
              (key, value) -> {
                names.add(key);
                value.skip();
              });
          return names;
        });
    assertTrue(
        names.containsAll(
            List.of(
                "digest",
                "created",
                "labels",
                "architecture",
                "os",
                "layers",
                "layersdata",
                "env",
                "largestpaths")),
        names.toString());
    assertTrue(json.contains("\"who\": \"me\""), json);
    assertTrue(json.contains("\"A=b\""), json);
    assertTrue(json.contains("\"CompressedSize\": null"), json);
  }

  @Test
  void showsCompressedSizesThatAreKnownOrRequested() {
    CommandLineRun remembering = new CommandLineRun().with("XDG_CACHE_HOME", samples.path("cache"));
    String before = remembering.run("inspect", "--json", file).succeeds().out();
    assertTrue(before.contains("\"CompressedSize\": null"), before);
    remembering.run("inspect", "--compress", file).succeeds();
    String after = remembering.run("inspect", "--json", file).succeeds().out();
    assertEquals(-1, after.indexOf("\"CompressedSize\": null"), after);
  }

  @Test
  void showsACompressedLayerWithBothSizes() {
    String place = "oci:" + samples.path("packed") + ":1";
    strata("copy", "-q", "--dest-compress-format", "zstd", file, place).succeeds();
    String json = strata("inspect", "--json", place).succeeds().out();
    for (Layer layer : image.layers()) {
      assertTrue(json.contains("\"UncompressedSize\": " + layer.size().orElseThrow()), json);
    }
    assertTrue(json.contains("application/vnd.oci.image.layer.v1.tar+zstd"), json);
  }

  @Test
  void printsAnIndexOrOneOfItsImages() {
    String all = samples.path("all.json");
    strata("index", all, file, "linux/s390x=" + file).succeeds();
    String place = "oci:" + samples.path("index") + ":all";
    strata("copy", "-q", "--preserve-digests", all, place).succeeds();
    String raw = strata("inspect", "--raw", place).succeeds().out();
    assertTrue(raw.contains("s390x"), raw);
    assertShowsLayers(place);
    strata("inspect", "--arch", "riscv64", place).fails("linux/riscv64");
    assertShowsLayers(all);
  }

  @Test
  void theTableOfAnIndexHasALineForEachImage() {
    String all = samples.path("all.json");
    String other = samples.path("other.json");
    strata("build", "-q", samples.path("big"), "--arch", "s390x", "-o", other).succeeds();
    strata("index", all, file, other).succeeds();
    String place = "oci:" + samples.path("index") + ":all";
    strata("copy", "-q", "--all", "--preserve-digests", all, place).succeeds();
    for (String index : List.of(all, place)) {
      List<String> lines = strata("inspect", index).succeeds().out().lines().toList();
      assertEquals("  Index   " + index, lines.get(0));
      assertTrue(lines.get(1).matches("  Digest  sha256:[0-9a-f]{64}"), lines.get(1));
      assertTrue(lines.get(3).matches("  PLATFORM +DIGEST +MANIFEST"), lines.get(3));
      String row = " +sha256:[0-9a-f]{64} +[0-9]+ B";
      assertTrue(
          lines.get(4).matches("  linux/" + image.arch() + row + "  shown below"), lines.get(4));
      assertTrue(lines.get(5).matches("  linux/s390x" + row), lines.get(5));
      assertEquals("", lines.get(6));
      List<JsonTree> images =
          JsonTree.parse("the output", strata("inspect", "--json", index).succeeds().bytes())
              .object("Index")
              .objects("Images");
      assertEquals(
          List.of("linux/" + image.arch(), "linux/s390x"),
          Objects.requireNonNull(images).stream().map(i -> i.text("Platform")).toList());
    }
    assertFalse(strata("inspect", file).succeeds().out().contains("PLATFORM"));
  }

  @Test
  void deepReadsAllLayersAndFindsFilesThatAreStoredTwice() throws IOException {
    String content = "0123456789".repeat(2_000);
    samples.file("one/a", content);
    samples.file("two/b", content);
    samples.file("two/c", content);
    samples.file("two/different", "0".repeat(20_000));
    String deep = samples.path("deep.json");
    strata("build", "-q", samples.path("one"), samples.path("two"), "-o", deep).succeeds();
    String place = "oci:" + samples.path("deep") + ":1";
    strata("copy", "-q", "--dest-compress-format", "gzip", deep, place).succeeds();
    for (String each : List.of(deep, place)) {
      String shown = strata("inspect", "--deep", each).succeeds().out();
      String duplicates = shown.substring(shown.indexOf("Stored again"));
      assertTrue(
          duplicates.startsWith(
              "Stored again at the same path (wasted): 0 B; at other paths (could be shared):"
                  + " 40.0 kB\n"),
          shown);
      assertTrue(duplicates.contains("20.0 kB       3      "), shown);
      for (String path : List.of("one/a", "two/b", "two/c")) {
        assertTrue(duplicates.contains(samples.path(path) + "\n"), shown);
      }
      assertFalse(duplicates.contains("different"), shown);
      JsonTree json =
          JsonTree.parse("the output", strata("inspect", "--deep", "--json", each).bytes())
              .object("Duplicates");
      assertEquals(0, json.number("Wasted", -1));
      assertEquals(40_000, json.number("Shareable", -1));
    }
    String none = strata("inspect", "--deep", file).succeeds().out();
    assertTrue(none.endsWith("\nNo file is stored twice.\n"), none);
    assertFalse(strata("inspect", deep).succeeds().out().contains("Stored again"));
  }

  @Test
  void anUpperLayerWastesWhatItHasFromALowerOne() throws IOException {
    samples.file("root/etc/same", "s".repeat(5_000));
    String base = "oci:" + samples.path("base") + ":1";
    strata("build", "-q", "--copy-to-root", samples.path("root"), "--to", base).succeeds();
    samples.file("root/etc/other", "o");
    String upper = samples.path("upper.json");
    strata("build", "-q", "--from", base, "--copy-to-root", samples.path("root"), "-o", upper)
        .succeeds();
    String shown = strata("inspect", "--deep", upper).succeeds().out();
    assertTrue(shown.contains("same path (wasted): 5.00 kB; at other paths"), shown);
    assertTrue(shown.contains("/etc/same\n"), shown);
  }

  @Test
  void aStorePathThatIsMissingIsNamed() throws IOException {
    Files.delete(Path.of(samples.path("small/data")));
    Files.delete(Path.of(samples.path("small")));
    strata("inspect", file).succeeds();
    strata("inspect", "--deep", file)
        .fails(
            "'" + samples.path("small") + "': no such file or directory",
            "check that the path has been built");
  }

  @Test
  void rejectsWhatCannotBeRead() {
    strata("inspect", samples.path("nope.json")).fails("nope.json");
    strata("inspect", "--daemon-host", "unix:///nowhere/sock", "docker-daemon:app:1")
        .fails("cannot reach the Docker daemon at 'unix:///nowhere/sock'");
    strata("inspect", "--shared-blob-dir", "x", "oci:x")
        .isBadUsage(2, "--shared-blob-dir is not supported: ", "complete OCI layouts");
    strata("inspect", "--require-signed", "oci:x")
        .isBadUsage(2, "--require-signed is not supported: ");
    strata("inspect", "--raw", "--format", "x", "oci:x").isBadUsage(2, "--raw cannot be combined");
  }

  @Test
  void formatsAsSkopeoDoes() {
    String digest = strata("manifest", "--digest", file).succeeds().out();
    assertEquals(digest, strata("inspect", "--format", "{{.Digest}}", file).succeeds().out());
    assertEquals(digest, strata("inspect", "-f{{ .Digest }}", file).succeeds().out());
    String sha512 =
        strata("inspect", "--manifest-digest", "sha512", "--format", "{{.Digest}}", file)
            .succeeds()
            .out();
    assertTrue(sha512.matches("sha512:[0-9a-f]{128}\n"), sha512);
    strata("inspect", "--manifest-digest", "md5", "--format", "x", file)
        .isBadUsage(2, "--manifest-digest: must be sha256 or sha512, got 'md5'");
    String layer =
        strata("inspect", "--format", "{{range .LayersData}}{{.MIMEType}} {{.Size}};{{end}}", file)
            .succeeds()
            .out();
    assertTrue(layer.matches("application/vnd.oci.image.layer.v1.tar \\d+;.*\n"), layer);
    assertEquals(
        "linux layers\n",
        strata("inspect", "--config", "--format", "{{.OS}} {{.RootFS.Type}}", file)
            .succeeds()
            .out());
    strata("inspect", "--format", "{{.Nope}}", file)
        .fails("cannot apply the template: unknown field 'Nope'; the fields are Name, Tag, Digest");
  }

  @Test
  void listsTheTagsOfARepositoryAndTheNamesInAnArchive() throws IOException {
    Reference one = Reference.parse("127.0.0.1/team/app:1");
    Reference two = Reference.parse("127.0.0.1/team/app:2");
    try (RegistryServer server =
        new RegistryServer.Builder(1).add(image, one).add(image, two).start()) {
      String place = server.reference(one).toString();
      String repository = place.substring(0, place.lastIndexOf(':'));
      assertEquals(
          "{\n    \"Repository\": \""
              + repository
              + "\",\n    \"Tags\": [\n        \"1\",\n        \"2\"\n    ]\n}\n",
          strata("list-tags", "docker://" + repository).succeeds().out());
      strata("list-tags", "docker://" + place).isBadUsage(2, "leave out the tag or digest");
      strata("list-tags", "docker://" + repository + "-not-there").fails("404");
      assertEquals(
          repository + " [1 2]\n",
          strata("inspect", "--format", "{{.Name}} {{.RepoTags}}", "docker://" + place)
              .succeeds()
              .out());
      assertEquals(
          "[]\n",
          strata("inspect", "-n", "--format", "{{.RepoTags}}", "docker://" + place)
              .succeeds()
              .out());
    }
    String archive = "docker-archive:" + samples.path("app.tar");
    strata("copy", "-q", file, archive + ":app:1", "--additional-tag", "app:2").succeeds();
    String names = strata("list-tags", archive).succeeds().out();
    assertTrue(names.contains("\"docker.io/library/app:1\",\n"), names);
    assertFalse(names.contains("Repository"), names);
    strata("list-tags", "oci:x")
        .isBadUsage(2, "only docker://NAME and docker-archive:FILE have tags");
  }
}
