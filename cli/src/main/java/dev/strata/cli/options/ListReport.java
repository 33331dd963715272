package dev.strata.cli.options;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.cli.command.Context;
import dev.strata.cli.terminal.JsonText;
import dev.strata.cli.terminal.Sizes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reports many copies: a line or events for each image, and a summary of all. Thread-safe. */
public final class ListReport {
  private static final int MOST_LINES_NAMED = 20;

  private final Context context;
  private final boolean json;
  private final boolean quiet;
  private final int images;
  private final long begun = System.nanoTime();
  private final Tally total = new Tally();
  private final List<Integer> failed = new ArrayList<>();
  private int copied;

  ListReport(Context context, boolean json, boolean quiet, int images) {
    this.context = context;
    this.json = json;
    this.quiet = quiet;
    this.images = images;
  }

  /** Numbers of blobs and their bytes. */
  private static final class Tally {
    int sent;
    long sentBytes;
    int mounted;
    long mountedBytes;
    int present;
    long presentBytes;

    void add(Tally other) {
      sent += other.sent;
      sentBytes += other.sentBytes;
      mounted += other.mounted;
      mountedBytes += other.mountedBytes;
      present += other.present;
      presentBytes += other.presentBytes;
    }

    String text() {
      return sent
          + (sent == 1 ? " blob sent (" : " blobs sent (")
          + Sizes.bytes(sentBytes)
          + "), "
          + mounted
          + " mounted ("
          + Sizes.bytes(mountedBytes)
          + "), "
          + present
          + " present ("
          + Sizes.bytes(presentBytes)
          + ")";
    }
  }

  /**
   * Returns the report of one copy.
   *
   * @param line the line of the list
   */
  public CopyReport image(int line) {
    return new ImageReport(line);
  }

  /**
   * Reports that an image was not copied.
   *
   * @param line the line of the list
   * @param destination where it was to be copied
   * @param message why it was not
   */
  public synchronized void failed(int line, String destination, Throwable error, String message) {
    failed.add(line);
    if (json) {
      new JsonCopyReport(context.out(), line).failed(FailureType.of(error), message, destination);
    }
    print("strata: line " + line + ": " + destination + ": " + message);
  }

  /**
   * Prints the summary.
   *
   * @return whether all images were copied
   */
  public synchronized boolean finish() {
    long nanos = System.nanoTime() - begun;
    if (json) {
      Map<String, Object> event = new LinkedHashMap<>();
      event.put("event", "summary");
      event.put("images", images);
      event.put("copied", copied);
      event.put("failed", failed.size());
      event.put("sent", total.sent);
      event.put("sentBytes", total.sentBytes);
      event.put("mounted", total.mounted);
      event.put("mountedBytes", total.mountedBytes);
      event.put("present", total.present);
      event.put("presentBytes", total.presentBytes);
      event.put("millis", nanos / 1_000_000);
      context.out().println(JsonText.compact(event));
      context.out().flush();
    } else if (!quiet) {
      print(
          copied
              + " of "
              + images
              + " images copied: "
              + total.text()
              + ", "
              + Sizes.seconds(nanos));
    }
    if (!failed.isEmpty()) {
      List<Integer> lines = failed.stream().sorted().toList();
      String named =
          String.join(", ", lines.stream().limit(MOST_LINES_NAMED).map(String::valueOf).toList());
      print(
          "strata: "
              + Sizes.count(lines.size(), "image")
              + " could not be copied ("
              + (lines.size() == 1 ? "line " : "lines ")
              + named
              + (lines.size() > MOST_LINES_NAMED ? ", …" : "")
              + "); run the command again to continue: what has been copied is not sent again");
    }
    return failed.isEmpty();
  }

  private void print(String line) {
    context.err().println(line);
    context.err().flush();
  }

  private synchronized void done(String destination, Descriptor manifest, Tally tally) {
    copied++;
    total.add(tally);
    if (!json && !quiet) {
      print(
          "["
              + (copied + failed.size())
              + "/"
              + images
              + "] "
              + destination
              + " "
              + manifest.digest()
              + ": "
              + tally.text());
    }
  }

  private synchronized void note(String line) {
    if (!json && !quiet) {
      print(line);
    }
  }

  /** The report of one copy. */
  private final class ImageReport implements CopyReport {
    private final int line;
    private final CopyReport events;
    private final Tally tally = new Tally();

    ImageReport(int line) {
      this.line = line;
      this.events = json ? new JsonCopyReport(context.out(), line) : SILENT;
    }

    @Override
    public void started(Blob blob) {
      events.started(blob);
    }

    @Override
    public void advanced(Blob blob, long bytes) {
      events.advanced(blob, bytes);
    }

    @Override
    public void finished(Blob blob, Descriptor descriptor) {
      synchronized (tally) {
        tally.sent++;
        tally.sentBytes += descriptor.size();
      }
      events.finished(blob, descriptor);
    }

    @Override
    public void skipped(Descriptor descriptor, String reason) {
      synchronized (tally) {
        if (reason.equals("mounted")) {
          tally.mounted++;
          tally.mountedBytes += descriptor.size();
        } else {
          tally.present++;
          tally.presentBytes += descriptor.size();
        }
      }
      events.skipped(descriptor, reason);
    }

    @Override
    public void retrying(String problem, long waitMillis) {
      events.retrying(problem, waitMillis);
      note(
          "line "
              + line
              + ": "
              + problem
              + "; retrying in "
              + Sizes.seconds(waitMillis * 1_000_000));
    }

    @Override
    public void warning(String text) {
      events.warning(text);
      note("strata: warning: line " + line + ": " + text);
    }

    @Override
    public void referrers(int added, int present) {
      events.referrers(added, present);
    }

    @Override
    public void done(String destination, Descriptor manifest) {
      events.done(destination, manifest);
      ListReport.this.done(destination, manifest, tally);
    }

    @Override
    public void close() {}
  }
}
