package dev.strata.oci;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.MediaTypes;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.image.IndexBlobs;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What becomes of manifests and indexes of others when an image is copied. */
final class ChangedManifestTest {
  private static final Blob LAYER = blob(MediaTypes.LAYER, "layer");
  private static final Blob CONFIG = blob(MediaTypes.CONFIG, "{}");

  private static Blob blob(String mediaType, String text) {
    return new BytesBlob(mediaType, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(Blob blob) {
    return new String(Manifest.bytes(blob), StandardCharsets.UTF_8);
  }

  private static String fields(Blob named) {
    return "\"mediaType\": \""
        + named.descriptor().mediaType()
        + "\", \"digest\": \""
        + named.descriptor().digest()
        + "\", \"size\": "
        + named.descriptor().size();
  }

  /** Pretty-printed, with fields of OCI 1.1 that Strata does not use. */
  private static ImageBlobs image() {
    String json =
        "{\n \"schemaVersion\": 2,\n \"mediaType\": \""
            + MediaTypes.MANIFEST
            + "\",\n \"artifactType\": \"a/b\",\n \"config\": {"
            + fields(CONFIG)
            + "},\n \"layers\": [{"
            + fields(LAYER)
            + ", \"annotations\": {\"title\": \"a\"}}],\n \"subject\": {"
            + fields(CONFIG)
            + "}\n}";
    return ImageBlobs.of(List.of(LAYER), CONFIG, blob(MediaTypes.MANIFEST, json));
  }

  private static IndexBlobs index() {
    ImageBlobs image = image();
    String json =
        "{\n \"schemaVersion\": 2, \"mediaType\": \""
            + MediaTypes.INDEX
            + "\", \"artifactType\": \"c/d\", \"manifests\": [{"
            + fields(image.manifest())
            + ", \"data\": \"e30=\", \"platform\": {\"os\": \"windows\", \"architecture\":"
            + " \"amd64\", \"os.version\": \"10.0.1\"}, \"annotations\": {\"b\": \"c\"}}]}";
    Blob root = blob(MediaTypes.INDEX, json);
    CopySource source =
        CopySource.of("it", root, _ -> image.manifest(), d -> find(d), PlatformChoice.all());
    if (source instanceof CopySource.Several several) {
      return several.index();
    }
    throw new AssertionError("no index");
  }

  private static Blob find(dev.strata.blob.Descriptor d) {
    return d.equals(LAYER.descriptor()) ? LAYER : CONFIG;
  }

  private static ImageBlobs withOtherLayer(ImageBlobs image) {
    return image.withLayers(_ -> blob(MediaTypes.LAYER_GZIP, "other"));
  }

  @Test
  void keepsToTheByteWhatIsInTheWantedFormat() {
    assertArrayEquals(
        Manifest.bytes(image().manifest()),
        Manifest.bytes(image().withFormat(ManifestFormat.OCI).manifest()));
    assertArrayEquals(
        Manifest.bytes(index().index()),
        Manifest.bytes(index().withFormat(ManifestFormat.OCI).index()));
    ImageBlobs docker = image().withFormat(ManifestFormat.DOCKER);
    assertArrayEquals(
        Manifest.bytes(docker.manifest()),
        Manifest.bytes(docker.withFormat(ManifestFormat.DOCKER).manifest()));
  }

  @Test
  void translatesAnIndexWithItsImages() {
    Blob docker = index().withFormat(ManifestFormat.DOCKER).index();
    Blob image = image().withFormat(ManifestFormat.DOCKER).manifest();
    assertEquals(ManifestFormat.DOCKER_INDEX, docker.descriptor().mediaType());
    assertEquals(
        "{\"schemaVersion\":2,\"mediaType\":\""
            + ManifestFormat.DOCKER_INDEX
            + "\",\"manifests\":[{"
            + fields(image).replace(" ", "")
            + ",\"platform\":{\"os\":\"windows\",\"architecture\":\"amd64\","
            + "\"os.version\":\"10.0.1\"}}]}",
        text(docker));
    assertFalse(text(image).contains("annotations"), text(image));
    assertFalse(text(image).contains("subject"), text(image));
    IndexBlobs own =
        IndexBlobs.of(
            List.of(
                new IndexBlobs.Member(
                    image().manifest().descriptor(),
                    new CopySource.Single(image()),
                    new Platform("linux", "amd64", ""),
                    java.util.Map.of("a", "b"))));
    Manifest made = Manifest.of(own.withFormat(ManifestFormat.DOCKER).index());
    assertEquals(ManifestFormat.DOCKER_INDEX, made.mediaType());
    assertEquals(image.descriptor(), made.images().getFirst().descriptor());
  }

  @Test
  void keepsTheRestOfAManifestWhoseLayersChange() {
    ImageBlobs changed = withOtherLayer(image());
    assertEquals(
        text(image().manifest())
            .replaceAll("\\s", "")
            .replace(
                fields(LAYER).replace(" ", ""),
                fields(changed.layers().getFirst()).replace(" ", "")),
        text(changed.manifest()));
  }

  @Test
  void keepsTheRestOfAnIndexWhoseImagesChange() {
    IndexBlobs index = index();
    assertSame(index, index.withImages(image -> image));
    IndexBlobs changed = index.withImages(ChangedManifestTest::withOtherLayer);
    String wanted =
        text(index.index())
            .replaceAll("\\s", "")
            .replace("\"data\":\"e30=\",", "")
            .replace(
                fields(image().manifest()).replace(" ", ""),
                fields(withOtherLayer(image()).manifest()).replace(" ", ""));
    assertEquals(wanted, text(changed.index()));
    assertTrue(wanted.contains("\"artifactType\":\"c/d\""), wanted);
  }

  @Test
  void aChangedLayerLosesTheAnnotationsAboutItsBytes() {
    String annotated =
        text(image().manifest())
            .replace(
                "{\"title\": \"a\"}",
                "{\"title\": \"a\", \"io.github.containers.zstd-chunked.manifest-checksum\":"
                    + " \"sha256:00\", \"containerd.io/snapshot/stargz/toc.digest\":"
                    + " \"sha256:11\"}");
    ImageBlobs image = ImageBlobs.of(List.of(LAYER), CONFIG, blob(MediaTypes.MANIFEST, annotated));
    String same = text(image.withFormat(ManifestFormat.OCI).manifest());
    assertTrue(same.contains("zstd-chunked"), same);
    String changed = text(withOtherLayer(image).manifest());
    assertFalse(changed.contains("chunked"), changed);
    assertFalse(changed.contains("stargz"), changed);
    assertTrue(changed.contains("{\"title\":\"a\"}"), changed);
  }

  @Test
  void aChangedLayerWithoutOtherAnnotationsHasNone() {
    String annotated =
        text(image().manifest())
            .replace(
                "{\"title\": \"a\"}",
                "{\"io.containers.zstd-chunked.manifest-checksum\": \"sha256:00\"}");
    ImageBlobs image = ImageBlobs.of(List.of(LAYER), CONFIG, blob(MediaTypes.MANIFEST, annotated));
    String changed = text(withOtherLayer(image).manifest());
    assertFalse(changed.contains("\"annotations\":{}"), changed);
    assertFalse(changed.contains("chunked"), changed);
  }
}
