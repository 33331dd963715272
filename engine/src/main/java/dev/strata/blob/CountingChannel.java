package dev.strata.blob;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.function.LongConsumer;

/** Passes bytes on, counts them and tells of them; closing it does nothing. Not thread-safe. */
public final class CountingChannel implements WritableByteChannel {
  private final WritableByteChannel target;
  private final LongConsumer advanced;
  private long count;

  public CountingChannel(WritableByteChannel target, LongConsumer advanced) {
    this.target = target;
    this.advanced = advanced;
  }

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
