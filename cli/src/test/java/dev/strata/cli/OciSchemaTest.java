package dev.strata.cli;

import static dev.strata.cli.CommandLineRun.strata;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Digest;
import dev.strata.fixtures.FileTrees;
import dev.strata.fixtures.GoldenCase;
import dev.strata.fixtures.GoldenCases;
import dev.strata.image.Image;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All documents that are written conform to the OCI image specification. */
final class OciSchemaTest {
  private static final Pattern CONFIG_DIGEST =
      Pattern.compile("\"config\":\\{[^}]*\"digest\":\"(sha256:[0-9a-f]{64})\"");

  private static Path root = Path.of("");
  private static int number;

  @TempDir private Path temporary;

  @BeforeAll
  static void unpackStore() throws IOException {
    root = Files.createTempDirectory("strata-schema");
    GoldenCases.unpackStore(root.resolve("root"));
  }

  @AfterAll
  static void deleteStore() throws IOException {
    FileTrees.deleteRecursively(root);
  }

  static List<GoldenCase> images() {
    return GoldenCases.load().stream().filter(c -> c.configBlob() != null).toList();
  }

  /** Reads a document of a layout and verifies its digest. */
  private static byte[] blob(Path layout, String digest) throws IOException {
    byte[] bytes = Files.readAllBytes(layout.resolve("blobs").resolve(digest.replace(':', '/')));
    assertEquals(digest, Digest.of(bytes).value());
    return bytes;
  }

  private static String digestIn(Pattern pattern, String json) {
    var found = pattern.matcher(json);
    assertTrue(found.find(), json);
    return found.group(1);
  }

  /** Checks all documents of a layout with one image; returns the digest of its configuration. */
  private static String check(Path layout) throws IOException {
    OciSchema.LAYOUT.accepts(Files.readAllBytes(layout.resolve("oci-layout")));
    byte[] index = Files.readAllBytes(layout.resolve("index.json"));
    OciSchema.INDEX.accepts(index);
    Pattern first = Pattern.compile("\"digest\":\"(sha256:[0-9a-f]{64})\"");
    String manifestDigest = digestIn(first, new String(index, StandardCharsets.UTF_8));
    byte[] manifest = blob(layout, manifestDigest);
    OciSchema.MANIFEST.accepts(manifest);
    String configDigest = digestIn(CONFIG_DIGEST, new String(manifest, StandardCharsets.UTF_8));
    OciSchema.CONFIG.accepts(blob(layout, configDigest));
    return configDigest;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("images")
  void copiedImageHasTheRecordedConfiguration(GoldenCase golden)
      throws IOException, InterruptedException {
    Path directory = root.resolve("case" + number++);
    GoldenCheck check = GoldenCheck.inThisJvm(golden, root.resolve("root"), directory);
    check.prepare();
    assertEquals(List.of(), check.differences());
    GoldenCase here = golden.in(root.resolve("root"), directory);
    String recorded = Objects.requireNonNull(here.configBlob());
    Image image = Image.read(directory.resolve("image.json"));
    byte[] manifest = strata("manifest", directory + "/image.json").succeeds().bytes();
    String digest = Digest.of(recorded.getBytes(StandardCharsets.UTF_8)).value();
    assertEquals(digest, digestIn(CONFIG_DIGEST, new String(manifest, StandardCharsets.UTF_8)));
    if (image.layers().isEmpty()) {
      // The reference writes such images, which the specification does not cover.
      return;
    }
    OciSchema.MANIFEST.accepts(manifest);
    Path layout = temporary.resolve("layout");
    strata("copy", "-q", directory + "/image.json", "oci:" + layout).succeeds();
    assertEquals(digest, check(layout));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "zstd"})
  void eachCompressionConforms(String format) throws IOException {
    SampleFolders samples = new SampleFolders(temporary);
    samples.file("site/index.html", "<p>hello".repeat(1000));
    String image = samples.path("image.json");
    strata("build", "--copy-to-root", samples.path("site"), "-o", image).succeeds();
    Path layout = temporary.resolve("layout");
    strata("copy", "-q", "--dest-compress-format", format, image, "oci:" + layout).succeeds();
    String config = check(layout);
    assertEquals(
        Image.read(temporary.resolve("image.json")).configBlob().descriptor().digest().value(),
        config);
    strata("copy", "-q", "oci:" + layout, "dir:" + temporary.resolve("dir")).succeeds();
    OciSchema.MANIFEST.accepts(Files.readAllBytes(temporary.resolve("dir/manifest.json")));
  }

  @Test
  void indexOfSeveralImagesConforms() throws IOException {
    SampleFolders samples = new SampleFolders(temporary);
    samples.file("site/index.html", "<p>hello");
    String image = samples.path("image.json");
    String all = samples.path("all.json");
    strata("build", samples.path("site"), "-o", image).succeeds();
    strata("index", all, image, "linux/arm/v7=" + image).succeeds();
    Path layout = temporary.resolve("layout");
    strata("copy", "-q", all, "oci:" + layout + ":all").succeeds();
    OciSchema.INDEX.accepts(Files.readAllBytes(layout.resolve("index.json")));
    byte[] index = strata("manifest", "--all", "oci:" + layout + ":all").succeeds().bytes();
    OciSchema.INDEX.accepts(index);
    assertTrue(new String(index, StandardCharsets.UTF_8).contains("\"variant\":\"v7\""));
    try (Stream<Path> blobs = Files.list(layout.resolve("blobs/sha256"))) {
      assertEquals(4, blobs.count(), "an index, a manifest, a configuration and a layer");
    }
  }

  @Test
  void schemaRejectsInvalidDocuments() {
    String d = "\"sha256:" + "0".repeat(64) + "\"";
    String config =
        "{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"size\":1,\"digest\":"
            + d
            + "}";
    String start =
        "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\",";
    String layer = config.replace("config.v1+json", "layer.v1.tar");
    String right = start + "\"config\":" + config + ",\"layers\":[" + layer + "]}";
    assertEquals(Set.of(), OciSchema.MANIFEST.problems(right));
    for (String wrong :
        List.of(
            right.replace("\"schemaVersion\":2", "\"schemaVersion\":1"),
            right.replace("[" + layer + "]", "[]"),
            right.replace("[" + layer + "]", "null"),
            right.replace("\"size\":1", "\"size\":-1"),
            right.replace("sha256:00", "sha256:0"),
            right.replace("layer.v1.tar", "layer.v1.rar"),
            right.replace("\"layers\"", "\"Layers\""))) {
      assertFalse(OciSchema.MANIFEST.problems(wrong).isEmpty(), wrong);
    }
    assertFalse(
        OciSchema.CONFIG
            .problems(
                "{\"architecture\":\"a\",\"os\":\"b\",\"created\":\"today\",\"rootfs\":"
                    + "{\"type\":\"layers\",\"diff_ids\":[]}}")
            .isEmpty());
  }
}
