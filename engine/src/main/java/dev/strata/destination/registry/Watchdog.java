package dev.strata.destination.registry;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
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

  /** Reads, and counts the time that takes. */
  int read(byte[] target) throws IOException {
    since = System.nanoTime();
    waiting = true;
    try {
      return stream.read(target);
    } finally {
      waiting = false;
    }
  }

  private void watch() {
    while (!done) {
      long left = since + limitNanos - System.nanoTime();
      if (!waiting) {
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
