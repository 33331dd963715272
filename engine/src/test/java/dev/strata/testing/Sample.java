package dev.strata.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.ForeignBlob;
import dev.strata.blob.MediaTypes;
import dev.strata.compress.DecompressedBlob;
import dev.strata.image.CopySource;
import dev.strata.image.ImageBlobs;
import dev.strata.oci.Manifest;
import dev.strata.oci.ManifestFormat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Small images in memory, with layers stored in any way. */
public final class Sample {
  public static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar";
  public static final String DOCKER_CONFIG = "application/vnd.docker.container.image.v1+json";

  private Sample() {}

  /** A layer: its content, and how it is stored. */
  public record Stored(byte[] content, byte[] bytes, String mediaType) {}

  public static Stored plain(byte[] content) {
    return new Stored(content, content, MediaTypes.LAYER);
  }

  public static Stored gzip(byte[] content) {
    return new Stored(content, Packed.gzip(content), MediaTypes.LAYER_GZIP);
  }

  public static Stored zstd(byte[] content) {
    return new Stored(content, Packed.zstd(content), MediaTypes.LAYER_ZSTD);
  }

  /** The configuration of an image with given uncompressed layers. */
  public static byte[] config(byte[]... contents) {
    String ids =
        Arrays.stream(contents)
            .map(c -> "\"" + Digest.of(c) + "\"")
            .collect(Collectors.joining(","));
    return utf8(
        "{\"architecture\":\"amd64\",\"os\":\"linux\",\"config\":{},\"rootfs\":{\"type\":\"layers\","
            + "\"diff_ids\":["
            + ids
            + "]}}");
  }

  public static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  public static ImageBlobs image(Stored... layers) {
    return image(MediaTypes.MANIFEST, MediaTypes.CONFIG, layers);
  }

  /** An image with Docker's media types, except for those of the layers. */
  public static ImageBlobs dockerImage(Stored... layers) {
    return image(ManifestFormat.DOCKER_MANIFEST, DOCKER_CONFIG, layers);
  }

  public static ImageBlobs image(String manifestType, String configType, Stored... layers) {
    byte[][] contents = Arrays.stream(layers).map(Stored::content).toArray(byte[][]::new);
    Blob config = new BytesBlob(configType, config(contents));
    List<Blob> blobs = new ArrayList<>();
    for (Stored layer : layers) {
      blobs.add(new BytesBlob(layer.mediaType(), layer.bytes()));
    }
    return image(manifestType, config, blobs);
  }

  public static ImageBlobs image(String manifestType, Blob config, List<Blob> layers) {
    List<Descriptor> descriptors = layers.stream().map(Blob::descriptor).toList();
    Manifest manifest =
        new Manifest(manifestType, config.descriptor(), descriptors, List.of(), Map.of());
    return ImageBlobs.of(layers, config, manifest.toBlob());
  }

  public static ImageBlobs single(CopySource source) {
    assertTrue(source instanceof CopySource.Single, "an index");
    return ((CopySource.Single) source).image();
  }

  public static byte[] read(Blob blob) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      blob.writeTo(Channels.newChannel(out));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** The media types of the layers in the manifest. */
  public static List<String> layerTypes(ImageBlobs image) {
    return Manifest.of(image.manifest()).layers().stream().map(Descriptor::mediaType).toList();
  }

  /**
   * Checks what {@code crane validate} checks: that the manifest describes the blobs that there
   * are, that sizes and digests are right, that the media types say how the layers are compressed,
   * and that the layers have the diff ids that the configuration lists.
   */
  public static void assertValid(ImageBlobs image) {
    Manifest manifest = Manifest.of(image.manifest());
    assertEquals(image.config().descriptor(), manifest.config());
    assertDigest(image.config());
    List<Digest> diffIds = image.diffIds();
    assertEquals(diffIds.size(), manifest.layers().size());
    for (int i = 0; i < diffIds.size(); i++) {
      Blob layer = image.layers().get(i);
      Descriptor described = manifest.layers().get(i);
      assertEquals(described.digest(), layer.descriptor().digest());
      assertEquals(described.size(), layer.descriptor().size());
      assertTrue(ManifestFormat.isLayer(described.mediaType()), described.mediaType());
      if (layer instanceof ForeignBlob) {
        continue;
      }
      byte[] bytes = assertDigest(layer);
      String type = ManifestFormat.OCI.typeOf(described.mediaType());
      assertEquals(dev.strata.compress.Compression.detect(bytes, bytes.length).mediaType(), type);
      // Checks the diff id.
      read(new DecompressedBlob(layer, diffIds.get(i)));
    }
  }

  private static byte[] assertDigest(Blob blob) {
    byte[] bytes = read(blob);
    assertEquals(blob.descriptor().digest(), Digest.of(bytes));
    assertEquals(blob.descriptor().size(), bytes.length);
    return bytes;
  }
}
