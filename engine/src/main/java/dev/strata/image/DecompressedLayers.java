package dev.strata.image;

import dev.strata.blob.Blob;
import dev.strata.blob.Digest;
import dev.strata.blob.ForeignBlob;
import dev.strata.blob.PendingBlob;
import dev.strata.compress.CheckedBlob;
import dev.strata.compress.CompressedBlob;
import dev.strata.compress.Compression;
import dev.strata.compress.DecompressedBlob;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.oci.ManifestFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Decompresses the layers of images while they are copied. Whether a layer is compressed, and how,
 * is decided by its content. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class DecompressedLayers {
  private DecompressedLayers() {}

  /**
   * Returns an image with its layers decompressed. Foreign layers, and all layers of artifacts
   * other than images, stay as they are.
   *
   * @param image the image
   * @return the image, whose changed layers are {@link PendingBlob}s
   * @throws InvalidInputException if the configuration does not list as many layers as the manifest
   */
  public static ImageBlobs of(ImageBlobs image) {
    return image.isImage() ? image.withLayers(decompressed(image, /* foreign= */ false)) : image;
  }

  /**
   * Returns an image for a place that holds uncompressed layers only, such as a Docker archive.
   * Foreign layers are needed there too.
   *
   * @param image the image
   * @return the image; the digest of each layer is its diff id
   * @throws InvalidInputException if it is not a container image, or its configuration does not
   *     list as many layers as the manifest
   */
  public static ImageBlobs required(ImageBlobs image) {
    String config = image.config().descriptor().mediaType();
    if (!ManifestFormat.isConfig(config)) {
      throw notAnImage("its configuration has the media type " + FileNames.quote(config));
    }
    for (Blob layer : image.layers()) {
      String type = PendingBlob.mediaTypeOf(layer);
      if (!ManifestFormat.isLayer(type)) {
        throw notAnImage("it has a layer of the media type " + FileNames.quote(type));
      }
    }
    return image.withLayers(decompressed(image, /* foreign= */ true));
  }

  private static InvalidInputException notAnImage(String reason) {
    return new InvalidInputException(
        "cannot write an artifact that is not a container image in Docker's format: "
            + reason
            + "; write it to an oci: or oci-archive: destination");
  }

  private static List<Blob> decompressed(ImageBlobs image, boolean foreign) {
    List<Digest> diffIds = image.diffIds();
    if (diffIds.size() != image.layers().size()) {
      throw new InvalidInputException(
          "the configuration "
              + image.config().descriptor().digest()
              + " lists "
              + diffIds.size()
              + " diff ids for "
              + image.layers().size()
              + " layers; create the image again");
    }
    List<Blob> layers = new ArrayList<>();
    // A layer that occurs twice is decompressed once.
    Map<Digest, Blob> known = new HashMap<>();
    for (int i = 0; i < diffIds.size(); i++) {
      Blob layer = image.layers().get(i);
      boolean kept = layer instanceof ForeignBlob && !foreign;
      layers.add(
          kept ? layer : known.computeIfAbsent(diffIds.get(i), id -> decompressed(layer, id)));
    }
    return layers;
  }

  private static Blob decompressed(Blob layer, Digest diffId) {
    if (layer instanceof DecompressedBlob) {
      return layer;
    }
    if (layer instanceof CompressedBlob compressed) {
      return decompressed(compressed.uncompressed(), diffId);
    }
    if (layer instanceof CheckedBlob checked) {
      return new DecompressedBlob(checked.unchecked(), diffId);
    }
    boolean plain = !(layer instanceof PendingBlob) && layer.descriptor().digest().equals(diffId);
    return plain ? TypedBlob.of(layer, Compression.NONE) : new DecompressedBlob(layer, diffId);
  }
}
