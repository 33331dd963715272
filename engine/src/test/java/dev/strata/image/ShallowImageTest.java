package dev.strata.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.strata.blob.Blob;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.blob.NullChannel;
import dev.strata.blob.PendingBlob;
import dev.strata.compress.CompressCache;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerSource;
import dev.strata.layer.RegistryLayer;
import dev.strata.layering.LayerPath;
import dev.strata.oci.ImageConfig;
import dev.strata.oci.Reference;
import dev.strata.oci.Timestamp;
import dev.strata.testing.Failures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Images whose base layers lie in a registry. */
final class ShallowImageTest {
  private static final String A = "sha256:" + "a".repeat(64);
  private static final String B = "sha256:" + "b".repeat(64);
  private static final String CONFIG =
      "{\"rootfs\":{\"diff_ids\":[\"%s\",\"%s\"]}}".formatted(A, B);
  private static final LayerSource HUB = source("alpine", true);

  @TempDir private Path temporary;

  private static LayerSource source(String name, boolean tlsVerify) {
    return LayerSource.of(Reference.parse(name), tlsVerify);
  }

  private static Layer layer(String digest, LayerSource source) {
    return Layer.builder()
        .digest(Digest.parse(digest))
        .diffId(Digest.parse(B))
        .size(7)
        .mediaType(MediaTypes.LAYER_GZIP)
        .source(source)
        .build();
  }

  private static Image image(Layer... layers) {
    return new Image(Image.VERSION, ImageConfig.EMPTY, List.of(layers), "amd64", null);
  }

  private Path write(String json) throws IOException {
    return Files.writeString(temporary.resolve("image.json"), json);
  }

  private String manifest(String layers) {
    return "{\"schemaVersion\":2,\"config\":{\"digest\":\"%s\",\"size\":%d},\"layers\":[%s]}"
        .formatted(Digest.of(bytes(CONFIG)), CONFIG.length(), layers);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private void writeFolder(String layers) throws IOException {
    Files.writeString(temporary.resolve("manifest.json"), manifest(layers));
    Files.writeString(temporary.resolve(Digest.of(bytes(CONFIG)).hex()), CONFIG);
  }

  private static final String TWO_LAYERS =
      """
      {"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","digest":"%s","size":5},
      {"mediaType":"application/vnd.oci.image.layer.v1.tar+zstd","digest":"%s","size":6}
      """
          .formatted(B, A);

  @Test
  void aLayerStatesTheRepositoryItLiesIn() throws IOException {
    Image image = image(layer(A, HUB), layer(B, source("127.0.0.1:5000/base/os:1", false)));
    String json = image.toJson();
    assertEquals(
        """
        {
        	"version": 1,
        	"image-config": {},
        	"layers": [
        		{
        			"digest": "%1$s",
        			"size": 7,
        			"diff_ids": "%2$s",
        			"mediatype": "application/vnd.oci.image.layer.v1.tar+gzip",
        			"layer-source": {
        				"repository": "docker.io/library/alpine"
        			},
        			"History": {}
        		},
        		{
        			"digest": "%2$s",
        			"size": 7,
        			"diff_ids": "%2$s",
        			"mediatype": "application/vnd.oci.image.layer.v1.tar+gzip",
        			"layer-source": {
        				"repository": "127.0.0.1:5000/base/os",
        				"tls-verify": false
        			},
        			"History": {}
        		}
        	],
        	"arch": "amd64",
        	"created": null
        }\
        """
            .formatted(A, B),
        json);
    assertEquals(image, Image.read(write(json)));
  }

  @Test
  void dockerHubHasOneName() {
    for (String name : new String[] {"alpine", "index.docker.io/library/alpine:3@" + A}) {
      assertEquals(HUB, source(name, true));
    }
    assertEquals(HUB, source("registry-1.docker.io/library/alpine", true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"repository\":\"//\"}|invalid reference",
        "{\"repository\":7}|image.json",
        "{\"repository\":\"a\",\"tls-verify\":\"no\"}|image.json",
        "\"alpine\"|image.json",
      })
  void aMalformedSourceIsAnError(String json, String problem) throws IOException {
    Path file =
        write(
            "{\"version\":1,\"layers\":[{\"digest\":\""
                + A
                + "\",\"layer-source\":"
                + json
                + "}]}");
    Failures.assertFails(() -> Image.read(file), problem);
  }

  @Test
  void aSourceWithoutRepositoryCountsAsNone() throws IOException {
    for (String json : new String[] {"null", "{}", "{\"mirror\":1}"}) {
      Path file =
          write(
              "{\"version\":1,\"layers\":[{\"digest\":\""
                  + A
                  + "\",\"layer-source\":"
                  + json
                  + "}]}");
      assertEquals(false, Image.read(file).layers().getFirst().source().isPresent(), json);
    }
  }

  @Test
  void describesAFolderWithoutLayers() throws IOException {
    writeFolder(TWO_LAYERS);

    List<Layer> layers = PulledImage.fromDirectory(temporary.toString(), false, HUB).layers();

    assertEquals(
        List.of(
            Layer.builder()
                .digest(Digest.parse(B))
                .diffId(Digest.parse(A))
                .size(5)
                .mediaType(MediaTypes.LAYER_GZIP)
                .source(HUB)
                .build(),
            Layer.builder()
                .digest(Digest.parse(A))
                .diffId(Digest.parse(B))
                .size(6)
                .mediaType(MediaTypes.LAYER_ZSTD)
                .source(HUB)
                .build()),
        layers);
  }

  @Test
  void describesAManifestWithAMapOfItsConfigurationOnly() throws IOException {
    writeFolder(TWO_LAYERS);
    String hex = Digest.of(bytes(CONFIG)).hex();
    Path blobs = temporary.resolve("blobs.json");
    Files.writeString(blobs, "{\"%s\":\"%s\"}".formatted(hex, temporary.resolve(hex)));
    assertEquals(
        PulledImage.fromDirectory(temporary.toString(), false, HUB),
        PulledImage.fromManifest(temporary.resolve("manifest.json"), blobs, false, HUB));
  }

  @Test
  void aConfigurationOtherThanThatOfTheManifestIsAnError() throws IOException {
    writeFolder(TWO_LAYERS);
    String hex = Digest.of(bytes(CONFIG)).hex();
    Files.writeString(temporary.resolve(hex), CONFIG.replace(A, B));
    Failures.assertFails(
        () -> PulledImage.fromDirectory(temporary.toString(), false, HUB),
        hex,
        "pull the image again");
  }

  @Test
  void aLayerWithoutSizeIsAnError() throws IOException {
    writeFolder(TWO_LAYERS.replace(",\"size\":5", ""));
    Failures.assertFails(
        () -> PulledImage.fromDirectory(temporary.toString(), false, HUB), B, "size");
  }

  @Test
  void aLayerInARegistryHasADescriptorButNoBytes() {
    Blob blob = ImageBlobs.of(image(layer(A, HUB)), 1).layers().getFirst();
    assertEquals(A, blob.descriptor().digest().value());
    assertEquals(HUB, assertInstanceOf(RegistryLayer.class, blob).source());
    Failures.assertFails(() -> blob.writeTo(new NullChannel()), A, "docker.io/library/alpine");
  }

  @Test
  void onlyACertainCompressionOfAllLayersChangesLayersInRegistries() {
    Layer plain =
        layer(B, HUB).toBuilder().mediaType(MediaTypes.LAYER).diffId(Digest.parse(B)).build();
    ImageBlobs image = ImageBlobs.of(image(plain), 1);
    Compressor gzip = Compressor.of(Compression.GZIP, 6, 1, CompressCache.NONE);
    assertSame(image, CompressedLayers.of(image, gzip));
    assertInstanceOf(PendingBlob.class, CompressedLayers.allOf(image, gzip).layers().getFirst());
  }

  @Test
  void theSameLayerOnThisMachineIsPreferred() {
    Layer file = layer(A, HUB).toBuilder().source(null).file("/layer.tar.gz").build();
    Layer built =
        Layer.builder()
            .digest(Digest.parse(B))
            .diffId(Digest.parse(B))
            .size(7)
            .paths(List.of(new LayerPath("/nix/store/a", null)))
            .build();
    Image base = image(layer(A, HUB), layer(B, HUB), layer(A, HUB));

    List<Layer> layers =
        Image.assemble(ImageConfig.EMPTY, base, List.of(file, built), "amd64", Timestamp.ZERO)
            .layers();

    assertEquals(
        List.of(file, built.toBuilder().mediaType(MediaTypes.LAYER_GZIP).build(), file), layers);
  }

  @Test
  void theLayersOfABaseStayInTheirRegistry() {
    Image base = image(layer(A, HUB), layer(B, HUB));
    assertEquals(
        base.layers(),
        Image.assemble(ImageConfig.EMPTY, base, List.of(layer(A, HUB)), "", Timestamp.ZERO)
            .layers());
  }
}
