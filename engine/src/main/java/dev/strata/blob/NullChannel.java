package dev.strata.blob;

import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Takes bytes and drops them. Stateless and thread-safe. */
public final class NullChannel implements WritableByteChannel {
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
