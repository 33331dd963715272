package dev.strata.compress;

import dev.strata.blob.Blob;
import dev.strata.blob.Blobs;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.HashingCopy;
import dev.strata.blob.NullChannel;
import dev.strata.io.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * A compressed layer whose content is checked against its diff id while the layer is streamed as it
 * is: for sources that have no other digest to check. Thread-safe if the layer is.
 *
 * @since 0.1.0
 */
public final class CheckedBlob implements Blob {
  private final Blob layer;
  private final Digest diffId;

  /**
   * Creates a blob; reads nothing yet.
   *
   * @param layer the layer as it is stored
   * @param diffId the digest of its content, as the image's configuration lists it
   */
  public CheckedBlob(Blob layer, Digest diffId) {
    this.layer = layer;
    this.diffId = diffId;
  }

  @Override
  public Descriptor descriptor() {
    return layer.descriptor();
  }

  /**
   * Returns the layer without the check.
   *
   * @return the layer as it is stored
   */
  public Blob unchecked() {
    return layer;
  }

  @Override
  public void writeTo(WritableByteChannel target) throws IOException {
    HashingCopy content = new HashingCopy(new NullChannel(), diffId);
    try (DecompressingChannel check = new DecompressingChannel(content, this::corrupt)) {
      layer.writeTo(new Both(target, check));
      check.finish();
    }
    if (!content.matches(diffId)) {
      throw corrupt("its content does not have the digest " + diffId);
    }
  }

  private CorruptDataException corrupt(String problem) {
    return new CorruptDataException(
        "cannot use the layer "
            + layer.descriptor().digest()
            + ": "
            + problem
            + "; the image is damaged: create or save it again");
  }

  /** Passes on to one channel what has been checked by the other. */
  private record Both(WritableByteChannel target, WritableByteChannel check)
      implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int count = bytes.remaining();
      Blobs.writeFully(check, bytes.duplicate());
      Blobs.writeFully(target, bytes);
      return count;
    }

    @Override
    public boolean isOpen() {
      return target.isOpen();
    }

    @Override
    public void close() {}
  }
}
