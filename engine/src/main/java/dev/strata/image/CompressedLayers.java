package dev.strata.image;

import dev.strata.blob.PendingBlob;
import dev.strata.compress.Compressor;

/**
 * Compresses the layers of images while they are copied. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class CompressedLayers {
  private CompressedLayers() {}

  /**
   * Returns an image with its layers compressed. Layers that are compressed already stay as they
   * are.
   *
   * @param image the image
   * @param compressor how to compress
   * @return the image, whose compressed layers are {@link PendingBlob}s
   */
  public static ImageBlobs of(ImageBlobs image, Compressor compressor) {
    // The descriptor of a pending blob, which compress asks for, may cost a compression.
    return image.withLayers(
        layer -> layer instanceof PendingBlob ? layer : compressor.compress(layer));
  }
}
