package dev.strata.cli.terminal;

import dev.strata.blob.Descriptor;
import dev.strata.blob.Progress;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Shows the progress of a build on one line of a terminal. Shows nothing if standard error is not a
 * terminal, or if the build takes less than half a second. Thread-safe.
 */
public final class ProgressBar implements Progress, AutoCloseable {
  private static final long QUIET_NANOS = 500_000_000L;
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final int WIDEST_BAR = 30;
  private static final int NARROWEST_BAR = 8;

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
    return new ProgressBar(err, terminal.showsProgress());
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
    long rate = (long) (soFar / ((now - started) / 1e9));
    int columns = TextOutput.columns(err);
    TextOutput.live(err, List.of(line(soFar, total, finished.get(), layers, rate, columns)));
  }

  /** Returns the figures that fit, the most important first, and a bar if there is room for it. */
  static String line(long done, long total, int finished, int layers, long rate, int columns) {
    String amount = Sizes.bytes(done) + " of " + Sizes.bytes(total);
    String count = finished + "/" + layers + " layers";
    String text = amount + ", " + count + ", " + Sizes.bytes(rate) + "/s";
    if (text.length() > columns) {
      text = amount + ", " + count;
    }
    if (text.length() > columns) {
      text = 100 * done / Math.max(1, total) + " %";
    }
    int width = Math.min(WIDEST_BAR, columns - text.length() - "[] ".length());
    if (width < NARROWEST_BAR) {
      return text;
    }
    int filled = (int) (Math.min(done, total) * width / Math.max(1, total));
    return "[" + "=".repeat(filled) + " ".repeat(width - filled) + "] " + text;
  }

  @Override
  public synchronized void close() {
    if (drawn) {
      TextOutput.live(err, List.of());
      drawn = false;
    }
  }
}
