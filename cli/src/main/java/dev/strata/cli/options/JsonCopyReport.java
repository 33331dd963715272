package dev.strata.cli.options;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.PendingBlob;
import dev.strata.cli.terminal.JsonText;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Prints events as JSON, one object per line: {@code started}, {@code progress} (at most ten per
 * second for each blob), {@code finished}, {@code skipped}, {@code retrying}, {@code referrers},
 * and at the end {@code done} or {@code failed}. Thread-safe.
 */
final class JsonCopyReport implements CopyReport {
  private static final long INTERVAL_NANOS = 100_000_000L;

  private final PrintWriter out;
  // The line of a list of copies; 0 for a single copy.
  private final int line;
  private final Map<Blob, State> states = new HashMap<>();
  private int next;

  public JsonCopyReport(PrintWriter out) {
    this(out, 0);
  }

  JsonCopyReport(PrintWriter out, int line) {
    this.out = out;
    this.line = line;
  }

  /** A blob that is being copied. Its number identifies it: its digest may not be known yet. */
  private static final class State {
    final int number;
    long sent;
    long reported;

    State(int number) {
      this.number = number;
    }
  }

  @Override
  public synchronized void started(Blob blob) {
    State state = new State(next++);
    states.put(blob, state);
    Map<String, Object> event = event("started");
    event.put("blob", state.number);
    name(event, blob);
    print(event);
  }

  @Override
  public synchronized void advanced(Blob blob, long bytes) {
    State state = states.get(blob);
    if (state == null) {
      return;
    }
    state.sent += bytes;
    long now = System.nanoTime();
    if (state.reported == 0 || now - state.reported > INTERVAL_NANOS) {
      state.reported = now;
      Map<String, Object> event = event("progress");
      event.put("blob", state.number);
      event.put("sent", state.sent);
      BlobProgress progress = BlobProgress.of(blob, state.sent);
      if (progress.isCompressing()) {
        event.put("compressed", progress.done());
      }
      if (progress.total() >= 0) {
        event.put("total", progress.total());
      }
      print(event);
    }
  }

  @Override
  public synchronized void finished(Blob blob, Descriptor descriptor) {
    State state = states.remove(blob);
    Map<String, Object> event = event("finished");
    event.put("blob", state == null ? -1 : state.number);
    name(event, descriptor);
    event.put("sent", state == null ? 0 : state.sent);
    print(event);
  }

  @Override
  public synchronized void skipped(Descriptor descriptor, String reason) {
    Map<String, Object> event = event("skipped");
    name(event, descriptor);
    event.put("reason", reason);
    print(event);
  }

  @Override
  public synchronized void retrying(String problem, long waitMillis) {
    Map<String, Object> event = event("retrying");
    event.put("problem", problem);
    event.put("waitMillis", waitMillis);
    print(event);
  }

  @Override
  public synchronized void warning(String text) {
    Map<String, Object> event = event("warning");
    event.put("text", text);
    print(event);
  }

  @Override
  public synchronized void referrers(int added, int present) {
    Map<String, Object> event = event("referrers");
    event.put("added", added);
    event.put("present", present);
    print(event);
  }

  @Override
  public synchronized void done(String destination, Descriptor manifest) {
    Map<String, Object> event = event("done");
    event.put("destination", destination);
    name(event, manifest);
    print(event);
  }

  synchronized void failed(String type, String message, @Nullable String place) {
    Map<String, Object> event = event("failed");
    event.put("type", type);
    event.put("message", message);
    if (place != null) {
      event.put("place", place);
    }
    print(event);
  }

  private Map<String, Object> event(String name) {
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("event", name);
    if (line > 0) {
      event.put("line", line);
    }
    return event;
  }

  private static void name(Map<String, Object> event, Blob blob) {
    if (!(blob instanceof PendingBlob pending) || pending.known().isPresent()) {
      name(event, blob.descriptor());
    }
  }

  private static void name(Map<String, Object> event, Descriptor descriptor) {
    event.put("digest", descriptor.digest().value());
    event.put("size", descriptor.size());
  }

  private void print(Map<String, Object> event) {
    out.println(JsonText.compact(event));
    out.flush();
  }

  @Override
  public void close() {}
}
