package dev.strata.blob;

import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** A small blob in memory, such as a configuration. Immutable and thread-safe. */
public final class BytesBlob implements Blob {
  private final byte[] bytes;
  private final Descriptor descriptor;

  /**
   * Creates a blob.
   *
   * @param mediaType its media type
   * @param bytes its bytes, copied
   */
  public BytesBlob(String mediaType, byte[] bytes) {
    this.bytes = bytes.clone();
    this.descriptor = new Descriptor(mediaType, Digest.of(bytes), bytes.length);
  }

  /**
   * Creates a blob that has a name already, which is kept whatever its algorithm.
   *
   * @param descriptor names the bytes
   * @param bytes its bytes, copied
   * @throws StrataException if the bytes have another digest or size
   */
  public BytesBlob(Descriptor descriptor, byte[] bytes) {
    this.bytes = bytes.clone();
    this.descriptor = descriptor;
    if (bytes.length != descriptor.size()) {
      throw new StrataException(
          "the blob "
              + descriptor.digest()
              + " has "
              + bytes.length
              + " bytes, not the recorded "
              + descriptor.size()
              + ": make or copy again what names it");
    }
    if (!descriptor.digest().matches(descriptor.digest().newHash().digest(bytes))) {
      throw new StrataException(
          "the bytes of the blob "
              + descriptor.digest()
              + " have another digest: make or copy it again");
    }
  }

  @Override
  public Descriptor descriptor() {
    return descriptor;
  }

  @Override
  public void writeTo(WritableByteChannel target) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    while (buffer.hasRemaining()) {
      target.write(buffer);
    }
  }
}
