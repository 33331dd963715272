package dev.strata.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.blob.MediaTypes;
import dev.strata.layer.Layer;
import dev.strata.oci.History;
import dev.strata.oci.ImageConfig;
import dev.strata.testing.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PulledImageTest {
  private static final String LAYERS =
      """
      [{"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": "sha256:aa"},
       {"mediaType": "application/vnd.docker.image.rootfs.diff.tar", "digest": "sha256:bb"}]
      """;

  @TempDir private Path temporary;
  private Path manifest;
  private Path blobs;

  @BeforeEach
  void writeImage() throws IOException {
    manifest = temporary.resolve("manifest.json");
    blobs = temporary.resolve("blobs.json");
    Files.writeString(manifest, "{\"config\": {\"digest\": \"sha256:cc\"}, \"layers\": " + LAYERS);
    Files.writeString(manifest, "}", java.nio.file.StandardOpenOption.APPEND);
    Files.writeString(
        temporary.resolve("cc"), "{\"rootfs\": {\"diff_ids\": [\"sha256:1\", \"sha256:2\"]}}");
    Files.writeString(
        blobs,
        "{\"cc\": \"" + temporary.resolve("cc") + "\", \"aa\": \"/files/a\", \"bb\": \"/b\"}");
  }

  private static Layer layer(String digest, String diffId, String type, String file) {
    return new Layer(digest, 0, diffId, List.of(), type, file, History.EMPTY);
  }

  @Test
  void describesADirectory() {
    Image image = PulledImage.fromDirectory(temporary.toString());

    assertEquals(
        new Image(
            1,
            ImageConfig.EMPTY,
            List.of(
                layer("sha256:aa", "sha256:1", MediaTypes.LAYER_GZIP, temporary + "/aa"),
                layer("sha256:bb", "sha256:2", MediaTypes.LAYER, temporary + "/bb")),
            "",
            null),
        image);
  }

  @Test
  void describesAManifestWithABlobMap() {
    assertEquals(
        List.of(
            layer("sha256:aa", "sha256:1", MediaTypes.LAYER_GZIP, "/files/a"),
            layer("sha256:bb", "sha256:2", MediaTypes.LAYER, "/b")),
        PulledImage.fromManifest(manifest, blobs).layers());
  }

  @Test
  void namesWhatIsMissing() throws IOException {
    Failures.assertFails(
        () -> PulledImage.fromDirectory(temporary + "/missing"), "missing/manifest.json");

    Files.writeString(blobs, "{\"cc\": \"" + temporary.resolve("cc") + "\", \"aa\": \"/a\"}");
    Failures.assertFails(
        () -> PulledImage.fromManifest(manifest, blobs), blobs.toString(), "'bb'", "add it");

    Files.delete(temporary.resolve("cc"));
    Failures.assertFails(
        () -> PulledImage.fromDirectory(temporary.toString()), temporary + "/cc", "no such file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{\"manifests\": [{\"digest\": \"sha256:aa\"}]}|not the manifest of one image",
        "{\"config\": {\"digest\": \"cc\"}}|no digest where one should be",
        "{\"config\": {\"digest\": \"sha256:cc\"}, \"layers\": [{}]}|unsupported media type",
        "{\"config\": {\"digest\": \"sha256:cc\"}, \"layers\": [{\"digest\": \"sha256:aa\","
            + "\"mediaType\": \"x\\ny\"}]}|unsupported media type",
        "{\"config\": {\"digest\": \"sha256:cc\"}, \"layers\": [{},{},{}]}|2 diff ids for the 3",
        "{\"config\": []}|an object",
        "{\"layers\": {}}|an array",
        "[]|an object",
        "|is empty",
      })
  void refusesOtherManifests(String json, String problem) throws IOException {
    Files.writeString(manifest, json == null ? "" : json);

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
    Files.writeString(temporary.resolve("cc"), json);

    Failures.assertFails(
        () -> PulledImage.fromDirectory(temporary.toString()), temporary + "/cc", problem);
  }
}
