package dev.strata.transport.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;

/**
 * A part of an open file as a channel of its own, which leaves the position of the file alone.
 * Closing it does not close the file. Not thread-safe.
 */
final class FileRange implements ReadableByteChannel {
  private final FileChannel file;
  private final long end;
  private long position;

  /** Creates a channel for the bytes from {@code start} to before {@code end}. */
  FileRange(FileChannel file, long start, long end) {
    this.file = file;
    this.position = start;
    this.end = end;
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    if (position >= end) {
      return -1;
    }
    int limit = target.limit();
    target.limit((int) Math.min(limit, target.position() + (end - position)));
    int count = file.read(target, position);
    target.limit(limit);
    position += Math.max(0, count);
    return count;
  }

  @Override
  public boolean isOpen() {
    return file.isOpen();
  }

  @Override
  public void close() {}
}
