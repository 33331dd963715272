package dev.strata.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.function.LongConsumer;

/**
 * Passes bytes on to another channel and reports how many. Closing it does not close the target.
 * Not thread-safe.
 *
 * @since 0.1.0
 */
public final class CountingChannel implements WritableByteChannel {
  private final WritableByteChannel target;
  private final LongConsumer advanced;
  private long count;

  /**
   * Creates a channel.
   *
   * @param target receives the bytes
   * @param advanced receives the number of bytes of each write, after the write
   */
  public CountingChannel(WritableByteChannel target, LongConsumer advanced) {
    this.target = target;
    this.advanced = advanced;
  }

  /**
   * Returns how many bytes have been passed on.
   *
   * @return the number of bytes
   */
  public long count() {
    return count;
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int n = target.write(bytes);
    count += n;
    advanced.accept(n);
    return n;
  }

  @Override
  public boolean isOpen() {
    return target.isOpen();
  }

  @Override
  public void close() {}
}
