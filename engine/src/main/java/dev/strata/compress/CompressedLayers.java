package dev.strata.compress;

import dev.strata.blob.Descriptor;
import dev.strata.blob.PendingBlob;
import dev.strata.image.ImageBlobs;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;

/** Compresses the layers of images on their way. Stateless and thread-safe. */
public final class CompressedLayers {
  private CompressedLayers() {}

  /**
   * An image with its layers compressed; layers that are compressed already stay as they are.
   *
   * @param image the image
   * @param compressor how to compress
   * @return the image, whose compressed layers are {@link PendingBlob}s
   */
  public static ImageBlobs of(ImageBlobs image, Compressor compressor) {
    return image.withLayers(layer -> {
      boolean mayWait = layer instanceof PendingBlob;
      return !mayWait && compressor.compress(layer) instanceof CompressedBlob c
          ? new Deferred(c)
          : layer;
    });
  }

  // No record: the comparison of layers would have Java make its equals() at every start.
  private static final class Deferred implements PendingBlob {
    private final CompressedBlob blob;

    Deferred(CompressedBlob blob) {
      this.blob = blob;
    }

    @Override
    public Optional<Descriptor> known() {
      return blob.known();
    }

    @Override
    public String mediaType() {
      return blob.mediaType();
    }

    @Override
    public Descriptor descriptor() {
      return blob.descriptor();
    }

    @Override
    public void writeTo(WritableByteChannel target) throws IOException {
      blob.writeTo(target);
    }
  }
}
