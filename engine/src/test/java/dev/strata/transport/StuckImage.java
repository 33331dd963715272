package dev.strata.transport;

import dev.strata.blob.Blob;
import dev.strata.blob.BytesBlob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.image.ImageBlobs;
import dev.strata.oci.Manifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;

/** An image with a layer that never ends, to cancel while it is copied. */
public final class StuckImage {
  private static final Digest DIFF_ID = Digest.parse("sha256:" + "12".repeat(32));
  private static final long HUGE = 1L << 40;

  /** Reached when bytes of the layer have been written. */
  public final CountDownLatch begun = new CountDownLatch(1);

  private final boolean endless;

  /**
   * Creates an image.
   *
   * @param endless whether the layer sends bytes forever; otherwise it waits forever after the
   *     first
   */
  public StuckImage(boolean endless) {
    this.endless = endless;
  }

  /** Returns the blobs of the image. */
  public ImageBlobs blobs() {
    Blob layer = new Layer();
    String json = "{\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[\"" + DIFF_ID + "\"]}}";
    Blob config = new BytesBlob(MediaTypes.CONFIG, json.getBytes(StandardCharsets.UTF_8));
    Manifest manifest =
        new Manifest(
            MediaTypes.MANIFEST,
            config.descriptor(),
            List.of(layer.descriptor()),
            List.of(),
            Map.of());
    return ImageBlobs.of(List.of(layer), config, manifest.toBlob());
  }

  private final class Layer implements Blob {
    @Override
    public Descriptor descriptor() {
      return new Descriptor(MediaTypes.LAYER, DIFF_ID, HUGE);
    }

    @Override
    public void writeTo(WritableByteChannel target) throws IOException {
      ByteBuffer chunk = ByteBuffer.allocate(4 << 10);
      do {
        target.write(chunk.clear());
        begun.countDown();
      } while (endless);
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException _) {
        throw new CancellationException("interrupted");
      }
    }
  }
}
