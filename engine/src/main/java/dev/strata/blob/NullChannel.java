package dev.strata.blob;

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * Discards all bytes. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class NullChannel implements WritableByteChannel {
  /** Creates a channel. */
  public NullChannel() {}

  @Override
  public int write(ByteBuffer bytes) {
    int n = bytes.remaining();
    bytes.position(bytes.limit());
    return n;
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
