package dev.strata.layer;

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
