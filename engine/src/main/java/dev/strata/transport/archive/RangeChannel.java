package dev.strata.transport.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/**
 * A part of something that can be read at any position, as a channel with a position of its own.
 * Not thread-safe.
 */
final class RangeChannel implements SeekableByteChannel {
  private final Reader reader;
  private final long start;
  private final long end;
  private long position;
  private boolean closed;

  /** What is read. */
  @FunctionalInterface
  interface Reader {
    /** Reads some bytes at a position; returns -1 at the end. */
    int read(ByteBuffer target, long position) throws IOException;

    /** Called when the channel is closed. */
    default void close() throws IOException {}
  }

  /** Creates a channel for the bytes from {@code start} to before {@code end}. */
  RangeChannel(Reader reader, long start, long end) {
    this.reader = reader;
    this.start = start;
    this.end = end;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    long left = end - start - position;
    if (left <= 0) {
      return -1;
    }
    int limit = target.limit();
    target.limit((int) Math.min(limit, target.position() + left));
    int count = reader.read(target, start + position);
    target.limit(limit);
    position += Math.max(0, count);
    return count;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long next) {
    position = next;
    return this;
  }

  @Override
  public long size() {
    return end - start;
  }

  @Override
  public boolean isOpen() {
    return !closed;
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      reader.close();
    }
  }

  @Override
  public int write(ByteBuffer bytes) {
    throw new NonWritableChannelException();
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new NonWritableChannelException();
  }
}
