package dev.strata.internal.http;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * A stream that is closed when it gives no bytes for too long: reading the body of an answer has no
 * time limit of its own. Read by one thread.
 */
public final class Watchdog extends InputStream {
  private final InputStream stream;
  private final long limitNanos;
  private final Thread thread;
  private volatile long since = System.nanoTime();
  private volatile boolean waiting;
  private volatile boolean done;

  public Watchdog(InputStream stream, Duration limit) {
    this.stream = stream;
    this.limitNanos = limit.toNanos();
    this.thread = Thread.startVirtualThread(this::watch);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  /** Reads, and counts the time that takes. */
  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    since = System.nanoTime();
    waiting = true;
    try {
      return stream.read(target, offset, length);
    } finally {
      waiting = false;
    }
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
  public void close() throws IOException {
    done = true;
    LockSupport.unpark(thread);
    stream.close();
  }
}
