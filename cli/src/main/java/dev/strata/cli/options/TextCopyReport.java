package dev.strata.cli.options;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.PendingBlob;
import dev.strata.cli.command.Context;
import dev.strata.cli.terminal.Sizes;
import dev.strata.cli.terminal.Terminal;
import dev.strata.cli.terminal.TextOutput;
import dev.strata.cli.terminal.Wrapping;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Prints a line for each blob that has been copied and, on a terminal, a line for each blob that is
 * being copied below them. Thread-safe.
 */
final class TextCopyReport implements CopyReport {
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final int HEX_SHOWN = 12;

  private final PrintWriter err;
  private final boolean shown;
  private final int mostLines;
  private final Map<Blob, State> active = new LinkedHashMap<>();
  private final long begun = System.nanoTime();
  private long nextDraw = System.nanoTime() + REDRAW_NANOS;
  private int sentBlobs;
  private long sentBytes;
  private int presentBlobs;
  private long presentBytes;

  private TextCopyReport(PrintWriter err, Terminal terminal) {
    this.err = err;
    shown = terminal.showsProgress();
    // The cursor does not reach lines that have left the window.
    mostLines = Math.max(1, terminal.rows() - 2);
  }

  public static TextCopyReport start(Context context) {
    return new TextCopyReport(context.err(), context.terminal());
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
    if (shown && now - nextDraw >= 0) {
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
    Wrapping.println(
        err,
        destination
            + " "
            + manifest.digest()
            + ": "
            + sentBlobs
            + (sentBlobs == 1 ? " blob copied (" : " blobs copied (")
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
    Wrapping.println(err, text);
    if (shown) {
      redraw(System.nanoTime());
    }
    err.flush();
  }

  private void redraw(long now) {
    int columns = TextOutput.columns(err);
    List<String> lines = new ArrayList<>();
    for (Map.Entry<Blob, State> copied : active.entrySet()) {
      lines.add(line(copied.getKey(), copied.getValue(), now, columns));
    }
    if (lines.size() > mostLines) {
      int more = lines.size() - mostLines + 1;
      lines = lines.subList(0, mostLines - 1);
      lines.add("and " + more + " more");
    }
    TextOutput.live(err, lines);
  }

  private static String line(Blob blob, State state, long now, int columns) {
    BlobProgress progress = BlobProgress.of(blob, state.sent);
    boolean known = PendingBlob.known(blob).isPresent();
    long left = progress.secondsLeft(now - state.begun);
    return line(
        known ? shortName(blob.descriptor()) : "compressing",
        progress,
        rate(progress.done(), state.begun, now),
        left < 0 ? "" : "  " + time(left) + " left",
        columns);
  }

  /** Returns the figures that fit, the most important first. */
  static String line(String name, BlobProgress progress, String rate, String left, int columns) {
    String done = "  " + Sizes.bytes(progress.done());
    if (progress.total() < 0) {
      String line = name + done + "  " + rate;
      return line.length() <= columns ? line : name + done;
    }
    String percent = "  " + progress.percent() + " %";
    String of = " of " + Sizes.bytes(progress.total());
    String line = name + done + of + percent + "  " + rate + left;
    if (line.length() > columns) {
      line = name + done + of + percent;
    }
    return line.length() <= columns ? line : name + percent;
  }

  private static String time(long seconds) {
    long minutes = seconds / 60;
    return minutes == 0 ? seconds + " s" : minutes + " min " + seconds % 60 + " s";
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
    TextOutput.live(err, List.of());
    err.flush();
  }
}
