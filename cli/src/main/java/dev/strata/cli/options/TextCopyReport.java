package dev.strata.cli.options;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.PendingBlob;
import dev.strata.cli.command.Context;
import dev.strata.cli.terminal.Sizes;
import dev.strata.cli.terminal.TextOutput;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Prints a line for each blob that has been copied and, on a terminal, a line for each blob that is
 * being copied below them. Thread-safe.
 */
final class TextCopyReport implements CopyReport {
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final int HEX_SHOWN = 12;

  private final PrintWriter err;
  private final boolean terminal;
  private final Map<Blob, State> active = new LinkedHashMap<>();
  private final long begun = System.nanoTime();
  private long nextDraw = System.nanoTime() + REDRAW_NANOS;
  private int drawn;
  private int sentBlobs;
  private long sentBytes;
  private int presentBlobs;
  private long presentBytes;

  private TextCopyReport(PrintWriter err, boolean terminal) {
    this.err = err;
    this.terminal = terminal;
  }

  public static TextCopyReport start(Context context) {
    return new TextCopyReport(context.err(), context.terminal().standardError());
  }

  private static final class State {
    final long begun = System.nanoTime();
    long sent;
  }

  @Override
  public synchronized void started(Blob blob) {
    active.put(blob, new State());
  }

  @Override
  public synchronized void advanced(Blob blob, long bytes) {
    State state = active.get(blob);
    if (state != null) {
      state.sent += bytes;
    }
    long now = System.nanoTime();
    if (terminal && now - nextDraw >= 0) {
      nextDraw = now + REDRAW_NANOS;
      redraw(now);
    }
  }

  @Override
  public synchronized void finished(Blob blob, Descriptor descriptor) {
    State state = active.remove(blob);
    long begunAt = state == null ? System.nanoTime() : state.begun;
    sentBlobs++;
    sentBytes += descriptor.size();
    line(
        shortName(descriptor)
            + "  "
            + Sizes.bytes(descriptor.size())
            + "  "
            + rate(descriptor.size(), begunAt, System.nanoTime()));
  }

  @Override
  public synchronized void skipped(Descriptor descriptor, String reason) {
    presentBlobs++;
    presentBytes += descriptor.size();
    line(shortName(descriptor) + "  " + Sizes.bytes(descriptor.size()) + "  " + reason);
  }

  @Override
  public synchronized void retrying(String problem, long waitMillis) {
    line(problem + "; retrying in " + Math.ceil(waitMillis / 100.0) / 10 + " s");
  }

  @Override
  public synchronized void warning(String text) {
    line("strata: warning: " + text);
  }

  @Override
  public synchronized void referrers(int added, int present) {
    line(
        "referrers: "
            + added
            + " added"
            + (present == 0 ? "" : ", " + present + " already present"));
  }

  @Override
  public synchronized void done(String destination, Descriptor manifest) {
    clear();
    err.println(
        destination
            + " "
            + manifest.digest()
            + ": "
            + sentBlobs
            + " blobs copied ("
            + Sizes.bytes(sentBytes)
            + "), "
            + presentBlobs
            + " already present ("
            + Sizes.bytes(presentBytes)
            + "), "
            + Math.round((System.nanoTime() - begun) / 1e7) / 100.0
            + " s");
    err.flush();
  }

  private void line(String text) {
    clear();
    err.println(text);
    if (terminal) {
      redraw(System.nanoTime());
    }
    err.flush();
  }

  private void redraw(long now) {
    clear();
    active.forEach((blob, state) -> {
      err.println(line(blob, state, now));
    });
    drawn = active.size();
    err.flush();
  }

  private static String line(Blob blob, State state, long now) {
    BlobProgress progress = BlobProgress.of(blob, state.sent);
    boolean known = PendingBlob.known(blob).isPresent();
    String name = known ? shortName(blob.descriptor()) : "compressing";
    StringBuilder line = new StringBuilder(name).append("  ").append(Sizes.bytes(progress.done()));
    if (progress.total() >= 0) {
      line.append(" of ").append(Sizes.bytes(progress.total()));
      line.append("  ").append(progress.percent()).append(" %");
    }
    line.append("  ").append(rate(progress.done(), state.begun, now));
    long left = progress.secondsLeft(now - state.begun);
    return left < 0 ? line.toString() : line.append("  ").append(time(left)).append(" left") + "";
  }

  private static String time(long seconds) {
    long minutes = seconds / 60;
    return minutes == 0 ? seconds + " s" : minutes + " min " + seconds % 60 + " s";
  }

  /** Clears the lines of blobs that are being copied. */
  private void clear() {
    if (drawn > 0) {
      TextOutput.control(err, "\u001b[" + drawn + "A\u001b[J");
      drawn = 0;
    }
  }

  private static String shortName(Descriptor d) {
    return d.digest().hex().substring(0, HEX_SHOWN);
  }

  private static String rate(long bytes, long begun, long now) {
    double seconds = Math.max((now - begun) / 1e9, 1e-6);
    return Sizes.bytes((long) (bytes / seconds)) + "/s";
  }

  @Override
  public synchronized void close() {
    clear();
    err.flush();
  }
}
