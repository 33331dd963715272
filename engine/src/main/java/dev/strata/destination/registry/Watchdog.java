package dev.strata.destination.registry;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** Closes a stream that gives no bytes for too long: reading one has no time limit of its own. */
final class Watchdog implements AutoCloseable {
  private final InputStream stream;
  private final long limitNanos;
  private final Thread thread;
  private volatile long since = System.nanoTime();
  private volatile boolean waiting;
  private volatile boolean done;

  Watchdog(InputStream stream, Duration limit) {
    this.stream = stream;
    this.limitNanos = limit.toNanos();
    this.thread = Thread.startVirtualThread(this::watch);
  }

  /** Reads at most so many bytes, and counts the time that takes; -1 at the end. */
  int read(byte[] target, int most) throws IOException {
    since = System.nanoTime();
    waiting = true;
    try {
      return stream.read(target, 0, most);
    } finally {
      waiting = false;
    }
  }

  /** Passes over bytes. */
  void skip(long count, byte[] buffer) throws IOException {
    for (long left = count; left > 0; ) {
      int n = read(buffer, (int) Math.min(left, buffer.length));
      if (n < 0) {
        throw new EOFException("the answer ended early");
      }
      left -= n;
    }
  }

  /** Reads to the end, or so many bytes. */
  byte[] readUpTo(int most) throws IOException {
    byte[] bytes = new byte[most];
    byte[] piece = new byte[Math.min(most, 1 << 13)];
    int filled = 0;
    while (filled < most) {
      int n = read(piece, Math.min(piece.length, most - filled));
      if (n < 0) {
        break;
      }
      System.arraycopy(piece, 0, bytes, filled, n);
      filled += n;
    }
    return Arrays.copyOf(bytes, filled);
  }

  private void watch() {
    while (!done) {
      // Asked in this order: a wait that begins in between is younger than the moment looked at.
      boolean reading = waiting;
      long left = since + limitNanos - System.nanoTime();
      if (!reading) {
        LockSupport.parkNanos(this, limitNanos);
      } else if (left <= 0) {
        try {
          stream.close();
        } catch (IOException _) {
          // The reader finds out.
        }
        return;
      } else {
        LockSupport.parkNanos(this, left);
      }
    }
  }

  @Override
  public void close() {
    done = true;
    LockSupport.unpark(thread);
  }
}
