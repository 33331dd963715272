package dev.strata.image;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.layer.Layer;
import dev.strata.oci.History;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Manifest;
import dev.strata.oci.Platform;
import dev.strata.oci.Timestamp;
import dev.strata.testing.Failures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ImageTest {
  private static final Timestamp TIME = Timestamp.parse("2024-05-13T09:31:10Z");
  private static final String A = "sha256:" + "a".repeat(64);
  private static final String B = "sha256:" + "b".repeat(64);
  private static final String C = "sha256:" + "c".repeat(64);

  @TempDir private Path temporary;

  private static Layer layer(String digest, String by) {
    return Layer.builder()
        .digest(Digest.parse(digest))
        .size(512)
        .diffId(Digest.parse(digest))
        .file("/t/" + by)
        .history(History.createdBy(by))
        .build();
  }

  private static Image image(Layer... layers) {
    return Image.assemble(ImageConfig.EMPTY, null, List.of(layers), "amd64", TIME);
  }

  private static String text(Blob blob) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    blob.writeTo(Channels.newChannel(out));
    return out.toString(UTF_8);
  }

  @Test
  void putsTheBaseInFrontAndEachDigestOnce() {
    Image base = image(layer(A, "base"), layer(B, "base"));

    Image image =
        Image.assemble(
            ImageConfig.EMPTY,
            base,
            List.of(layer(B, "again"), layer(C, "new"), layer(C, "twice")),
            "arm64",
            TIME);

    assertEquals(List.of(layer(A, "base"), layer(B, "base"), layer(C, "new")), image.layers());
    assertEquals("arm64", image.arch());
  }

  @Test
  void keepsALayerThatTheBaseHasTwice() {
    Image base = new Image(1, ImageConfig.EMPTY, List.of(layer(A, "1"), layer(A, "2")), "", null);

    assertEquals(
        base.layers(),
        Image.assemble(ImageConfig.EMPTY, base, List.of(layer(A, "3")), "", TIME).layers());
  }

  @Test
  void readsWhatItWrites() throws IOException {
    Image image = image(layer(A, "é<&>"), layer(B, "b"));
    Path file = Files.writeString(temporary.resolve("image.json"), image.toJson());

    assertEquals(image, Image.read(file));
  }

  @Test
  void hasAnnotationsInItsManifestAndItsDescription() throws IOException {
    Image plain = image(layer(A, "a"));
    Image image = plain.withAnnotations(new TreeMap<>(Map.of("b", "<2>", "a.x/y", "1")));
    List<Descriptor> layers = List.of(new Descriptor(MediaTypes.LAYER, Digest.parse(A), 512));
    Path file = Files.writeString(temporary.resolve("image.json"), image.toJson());

    assertEquals(image, Image.read(file));
    assertTrue(
        image.toJson().contains("\"created\": \"2024-05-13T09:31:10Z\",\n\t\"annotations\""));
    assertTrue(
        text(image.manifest(layers))
            .endsWith("}],\"annotations\":{\"a.x/y\":\"1\",\"b\":\"\\u003c2\\u003e\"}}"));
    assertTrue(text(plain.manifest(layers)).endsWith("}]}"));
    assertEquals(image.annotations(), Manifest.of(image.manifest(layers)).annotations());
  }

  @Test
  void writesAConfigurationBlob() throws IOException {
    Blob config = image(layer(A, "a"), layer(B, "")).configBlob();

    assertEquals(
        "{\"created\":\"2024-05-13T09:31:10Z\",\"architecture\":\"amd64\",\"os\":\"linux\","
            + ("\"config\":{},\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" + A + "\",\"")
            + (B + "\"]},\"history\":[{\"created_by\":\"a\"},{}]}"),
        text(config));
    assertEquals(MediaTypes.CONFIG, config.descriptor().mediaType());
    assertEquals(Digest.of(text(config).getBytes(UTF_8)), config.descriptor().digest());
  }

  @Test
  void writesAConfigurationWithoutLayers() throws IOException {
    Image empty = new Image(1, ImageConfig.EMPTY, List.of(), "", null);

    assertEquals(
        "{\"architecture\":\"\",\"os\":\"linux\",\"config\":{},"
            + "\"rootfs\":{\"type\":\"\",\"diff_ids\":null}}",
        text(empty.configBlob()));
  }

  @Test
  void refusesALayerWithoutDiffId() {
    Layer bad = Layer.builder().digest(Digest.parse(A)).build();

    Failures.assertFails(() -> image(bad).configBlob(), "lacks its diff id");
  }

  @Test
  void writesAManifest() throws IOException {
    Image image = image(layer(A, "a"));
    Descriptor descriptor = new Descriptor(MediaTypes.LAYER_GZIP, Digest.parse(B), 77);
    Descriptor config = image.configBlob().descriptor();

    String manifest = text(image.manifest(List.of(descriptor)));

    assertEquals(
        "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.manifest.v1+json\","
            + "\"config\":{\"mediaType\":\"application/vnd.oci.image.config.v1+json\",\"digest\":\""
            + (config.digest() + "\",\"size\":" + config.size())
            + "},\"layers\":[{\"mediaType\":\"application/vnd.oci.image.layer.v1.tar+gzip\","
            + ("\"digest\":\"" + B + "\",\"size\":77}]}"),
        manifest);
  }

  @Test
  void namesTheArchitectureAsGoDoes() {
    assertTrue(
        List.of("amd64", "arm64", "386", "arm", "riscv64", "ppc64le", "s390x", "loong64")
            .contains(Platform.localArchitecture()),
        Platform.localArchitecture());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{\"version\":\"1\"}",
        "{\"layers\":{}}",
        "{\"arch\":1}",
        "{\"created\":\"now\"}",
        "{\"created\":1}",
        "{\"image-config\":[]}",
        "{\"image-config\":{\"Env\":\"a\"}}"
      })
  void refusesOtherJson(String text) throws IOException {
    Path file = Files.writeString(temporary.resolve("image.json"), text);

    Failures.messageOf(() -> Image.read(file));
  }
}
