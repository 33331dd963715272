package dev.strata.image;

import dev.strata.blob.Blob;
import dev.strata.blob.Digest;
import dev.strata.blob.ForeignBlob;
import dev.strata.blob.MediaTypes;
import dev.strata.blob.PendingBlob;
import dev.strata.compress.Compression;
import dev.strata.compress.Compressor;
import dev.strata.compress.DecompressedBlob;
import dev.strata.layer.RegistryLayer;
import dev.strata.oci.ManifestFormat;
import java.util.ArrayList;
import java.util.List;

/**
 * Compresses the layers of images while they are copied. Whether a layer is compressed already is
 * decided by its content, since media types are not always right: it is not, if its digest is the
 * diff id in the configuration. Foreign layers, and all layers of artifacts other than images, stay
 * as they are; so do layers that lie in a registry, unless a certain compression is wanted of all.
 * Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class CompressedLayers {
  private CompressedLayers() {}

  /**
   * Returns an image with its layers compressed. Layers that are compressed already stay as they
   * are; a wrong media type is corrected.
   *
   * @param image the image
   * @param compressor how to compress
   * @return the image, whose compressed layers are {@link PendingBlob}s
   */
  public static ImageBlobs of(ImageBlobs image, Compressor compressor) {
    return compress(image, compressor, /* others= */ false);
  }

  /**
   * Returns an image with all its layers in one compression: those that are compressed otherwise
   * are decompressed and compressed again.
   *
   * @param image the image
   * @param compressor how to compress
   * @return the image, whose changed layers are {@link PendingBlob}s
   */
  public static ImageBlobs allOf(ImageBlobs image, Compressor compressor) {
    return compress(image, compressor, /* others= */ true);
  }

  /**
   * Returns whether all layers of an image are compressed according to their media types. Reads
   * nothing.
   *
   * @param image the image
   * @return true if no layer has the media type of an uncompressed one
   */
  public static boolean areAll(ImageBlobs image) {
    return image.layers().stream()
        .map(layer -> ManifestFormat.OCI.typeOf(PendingBlob.mediaTypeOf(layer)))
        .noneMatch(MediaTypes.LAYER::equals);
  }

  private static ImageBlobs compress(ImageBlobs image, Compressor compressor, boolean others) {
    if (compressor.compression() == Compression.NONE || !image.isImage()) {
      return image;
    }
    List<Digest> diffIds = image.diffIds();
    if (diffIds.size() != image.layers().size()) {
      return image;
    }
    List<Blob> layers = new ArrayList<>();
    for (int i = 0; i < diffIds.size(); i++) {
      layers.add(compress(image.layers().get(i), diffIds.get(i), compressor, others));
    }
    return image.withLayers(layers);
  }

  private static Blob compress(Blob layer, Digest diffId, Compressor compressor, boolean others) {
    if (layer instanceof ForeignBlob) {
      return layer;
    }
    if (layer instanceof RegistryLayer && !others) {
      // The destination may have it, or mount it, and then it is not read.
      return layer;
    }
    if (layer instanceof DecompressedBlob) {
      return compressor.compress(layer, diffId);
    }
    if (layer instanceof PendingBlob) {
      return layer;
    }
    if (layer.descriptor().digest().equals(diffId)) {
      return compressor.compress(layer, diffId);
    }
    Compression now = compressionOf(layer);
    return others && !isIn(compressor.compression(), now)
        ? compressor.compress(new DecompressedBlob(layer, diffId), diffId)
        : TypedBlob.of(layer, now);
  }

  /** Returns whether a layer need not be compressed again: zstd:chunked is zstd too. */
  private static boolean isIn(Compression wanted, Compression now) {
    return now == wanted || wanted == Compression.ZSTD && now == Compression.ZSTD_CHUNKED;
  }

  /**
   * Returns how a compressed layer is compressed; its media type is right, unless it says "not".
   */
  private static Compression compressionOf(Blob layer) {
    String type = ManifestFormat.OCI.typeOf(layer.descriptor().mediaType());
    return switch (type) {
      case MediaTypes.LAYER_GZIP -> Compression.GZIP;
      case MediaTypes.LAYER_ZSTD ->
          Compression.ZSTD_CHUNKED.isThatOf(layer.descriptor().withMediaType(type))
              ? Compression.ZSTD_CHUNKED
              : Compression.ZSTD;
      default -> Compression.detect(layer);
    };
  }
}
