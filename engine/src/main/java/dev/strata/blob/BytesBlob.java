package dev.strata.blob;

import dev.strata.io.CorruptDataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * A small blob in memory, such as a configuration. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class BytesBlob implements Blob {
  private final byte[] bytes;
  private final Descriptor descriptor;

  /**
   * Creates a blob and computes its SHA-256 digest.
   *
   * @param mediaType its media type
   * @param bytes its bytes, copied
   */
  public BytesBlob(String mediaType, byte[] bytes) {
    this.bytes = bytes.clone();
    this.descriptor = new Descriptor(mediaType, Digest.of(bytes), bytes.length);
  }

  /**
   * Creates a blob that already has a descriptor, whatever the algorithm of its digest.
   *
   * @param descriptor its media type, digest and size
   * @param bytes its bytes, copied
   * @throws CorruptDataException if the bytes have another digest or size
   */
  public BytesBlob(Descriptor descriptor, byte[] bytes) {
    this.bytes = bytes.clone();
    this.descriptor = descriptor;
    if (bytes.length != descriptor.size()) {
      throw corrupt("it has " + bytes.length + " bytes instead of " + descriptor.size());
    }
    if (!descriptor.digest().matches(descriptor.digest().newHash().digest(bytes))) {
      throw corrupt("its bytes have another digest");
    }
  }

  private CorruptDataException corrupt(String problem) {
    return new CorruptDataException(
        "the blob "
            + descriptor.digest()
            + " is corrupt: "
            + problem
            + "; create or copy it again");
  }

  @Override
  public Descriptor descriptor() {
    return descriptor;
  }

  @Override
  public void writeTo(WritableByteChannel target) throws IOException {
    Blobs.writeFully(target, ByteBuffer.wrap(bytes).asReadOnlyBuffer());
  }
}
