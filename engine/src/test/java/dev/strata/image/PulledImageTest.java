package dev.strata.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.layer.Layer;
import dev.strata.oci.ImageConfig;
import dev.strata.testing.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PulledImageTest {
  private static final String A = "a".repeat(64);
  private static final String B = "b".repeat(64);
  private static final String C = "c".repeat(64);
  private static final String LAYERS =
      full(
          """
          [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": "sha256:a"},
           {"mediaType": "application/vnd.docker.image.rootfs.diff.tar", "digest": "sha256:b"}]
          """);

  @TempDir private Path temporary;
  private Path manifest;
  private Path blobs;

  @BeforeEach
  void writeImage() throws IOException {
    manifest = temporary.resolve("manifest.json");
    blobs = temporary.resolve("blobs.json");
    Files.writeString(
        manifest, full("{\"config\": {\"digest\": \"sha256:c\"}, \"layers\": ") + LAYERS + "}");
    Files.writeString(
        temporary.resolve(C), full("{\"rootfs\": {\"diff_ids\": [\"sha256:1\", \"sha256:2\"]}}"));
    Files.writeString(
        blobs,
        full("{\"#c\": \"%s\", \"#a\": \"/files/a\", \"#b\": \"/b\"}")
            .formatted(temporary.resolve(C)));
  }

  /** Lengthens the digests, and the names of files after them, to 64 digits. */
  private static String full(String json) {
    Matcher m = Pattern.compile("(sha256:|#)([0-9a-f])").matcher(json);
    return m.replaceAll(r -> (r.group(1).equals("#") ? "" : r.group(1)) + r.group(2).repeat(64));
  }

  private static Layer layer(String digest, String diffId, String type, String file) {
    return Layer.builder()
        .digest(Digest.parse(full(digest)))
        .diffId(Digest.parse(full(diffId)))
        .mediaType(type)
        .file(file)
        .build();
  }

  @Test
  void describesADirectory() {
    Image image = PulledImage.fromDirectory(temporary.toString());

    assertEquals(
        new Image(
            1,
            ImageConfig.EMPTY,
            List.of(
                layer("sha256:a", "sha256:1", MediaTypes.LAYER_GZIP, temporary + "/" + A),
                layer("sha256:b", "sha256:2", MediaTypes.LAYER, temporary + "/" + B)),
            "",
            null),
        image);
  }

  @Test
  void describesHowContainersRunOnRequest() throws IOException {
    Path config = temporary.resolve(C);
    String text = Files.readString(config);
    Files.writeString(
        config,
        text.replaceFirst(
            "\\{", "{\"config\": {\"Env\": [\"A=b\"], \"Cmd\": \"/bin/old\", \"x\": 1}, "));

    ImageConfig settings =
        ImageConfig.builder().env(List.of("A=b")).cmd(List.of("/bin/old")).build();
    assertEquals(settings, PulledImage.fromDirectory(temporary.toString(), true, null).config());
    assertEquals(settings, PulledImage.fromManifest(manifest, blobs, true, null).config());
    assertEquals(ImageConfig.EMPTY, PulledImage.fromDirectory(temporary.toString()).config());
  }

  @Test
  void describesAManifestWithABlobMap() {
    assertEquals(
        List.of(
            layer("sha256:a", "sha256:1", MediaTypes.LAYER_GZIP, "/files/a"),
            layer("sha256:b", "sha256:2", MediaTypes.LAYER, "/b")),
        PulledImage.fromManifest(manifest, blobs).layers());
  }

  @Test
  void namesWhatIsMissing() throws IOException {
    Failures.assertFails(
        () -> PulledImage.fromDirectory(temporary + "/missing"), "missing/manifest.json");

    Files.writeString(
        blobs, full("{\"#c\": \"%s\", \"#a\": \"/a\"}").formatted(temporary.resolve(C)));
    Failures.assertFails(
        () -> PulledImage.fromManifest(manifest, blobs), blobs.toString(), B, "add it");

    Files.delete(temporary.resolve(C));
    Failures.assertFails(
        () -> PulledImage.fromDirectory(temporary.toString()), temporary + "/" + C, "no such file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{\"manifests\": [{\"digest\": \"sha256:a\"}]}|not the manifest of one image",
        "{\"config\": {\"digest\": \"c\"}}|invalid digest",
        "{\"config\": {\"digest\": \"sha256:c\"}, \"layers\": [{}]}|invalid digest",
        "{\"config\": {\"digest\": \"sha256:c\"}, \"layers\": [{\"digest\": \"sha256:a\","
            + "\"mediaType\": \"x\\ny\"}]}|unsupported media type",
        "{\"config\": {\"digest\": \"sha256:c\"}, \"layers\": ["
            + "{\"digest\": \"sha256:a\"},{\"digest\": \"sha256:a\"},{\"digest\": \"sha256:a\"}]}"
            + "|2 diff ids for the 3",
        "{\"config\": []}|an object",
        "{\"layers\": {}}|an array",
        "{\"layers\": []}|not an image manifest or index",
        "[]|an object",
        "|is empty",
      })
  void refusesOtherManifests(String json, String problem) throws IOException {
    Files.writeString(manifest, json == null ? "" : full(json));

    Failures.assertFails(
        () -> PulledImage.fromDirectory(temporary.toString()), manifest.toString(), problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{}|0 diff ids for the 2",
        "{\"rootfs\": {\"diff_ids\": [\"sha256:1\"]}}|1 diff ids for the 2",
        "{\"rootfs\": {\"diff_ids\": {}}}|an array",
        "{\"rootfs\": []}|an object",
      })
  void refusesOtherConfigurations(String json, String problem) throws IOException {
    Files.writeString(temporary.resolve(C), full(json));

    Failures.assertFails(
        () -> PulledImage.fromDirectory(temporary.toString()), temporary + "/" + C, problem);
  }
}
