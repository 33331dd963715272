package dev.strata.cli.terminal;

import dev.strata.blob.Descriptor;
import dev.strata.blob.Progress;
import java.io.PrintWriter;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Shows the progress of a build on one line of a terminal. Shows nothing if standard error is not a
 * terminal, or if the build takes less than half a second. Thread-safe.
 */
public final class ProgressBar implements Progress, AutoCloseable {
  private static final long QUIET_NANOS = 500_000_000L;
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final int WIDTH = 30;

  private final PrintWriter err;
  private final boolean shown;
  private final long started = System.nanoTime();
  private final AtomicLong nextDraw = new AtomicLong(started + QUIET_NANOS);
  private final AtomicLong done = new AtomicLong();
  private final AtomicInteger finished = new AtomicInteger();
  private volatile long total;
  private volatile int layers;
  private volatile boolean drawn;

  private ProgressBar(PrintWriter err, boolean shown) {
    this.err = err;
    this.shown = shown;
  }

  /**
   * Starts a bar.
   *
   * @param terminal which streams are terminals
   */
  public static ProgressBar start(PrintWriter err, Terminal terminal) {
    return new ProgressBar(err, terminal.standardError());
  }

  @Override
  public void planned(int layerCount, long entries, long bytes) {
    layers = layerCount;
    total = bytes;
  }

  @Override
  public void advanced(long bytes) {
    long soFar = done.addAndGet(bytes);
    // Hashing may start before all layers are laid out.
    if (!shown || total == 0) {
      return;
    }
    long now = System.nanoTime();
    long due = nextDraw.get();
    if (now - due >= 0 && nextDraw.compareAndSet(due, now + REDRAW_NANOS)) {
      draw(soFar, now);
    }
  }

  @Override
  public void finished(int index, Descriptor layer) {
    finished.incrementAndGet();
  }

  private synchronized void draw(long soFar, long now) {
    drawn = true;
    int filled = total == 0 ? WIDTH : (int) (soFar * WIDTH / total);
    double rate = soFar / ((now - started) / 1e9);
    TextOutput.control(
        err,
        "\r["
            + "=".repeat(filled)
            + " ".repeat(WIDTH - filled)
            + "] "
            + Sizes.bytes(soFar)
            + " of "
            + Sizes.bytes(total)
            + ", "
            + finished.get()
            + "/"
            + layers
            + " layers, "
            + Sizes.bytes((long) rate)
            + "/s \u001b[K");
    err.flush();
  }

  @Override
  public synchronized void close() {
    if (drawn) {
      TextOutput.control(err, "\r\u001b[K");
      err.flush();
      drawn = false;
    }
  }
}
