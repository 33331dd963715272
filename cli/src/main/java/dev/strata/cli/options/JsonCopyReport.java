package dev.strata.cli.options;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.PendingBlob;
import dev.strata.internal.json.JsonOutput;
import java.io.PrintWriter;
import java.util.HashMap;
import java.util.Map;

/**
 * A copy as a stream of events, one JSON object a line: {@code started}, {@code progress} (at most
 * ten a second for a blob), {@code finished}, {@code skipped}, {@code retrying}, {@code done}.
 * Thread-safe.
 */
final class JsonCopyReport implements CopyReport {
  private static final long INTERVAL_NANOS = 100_000_000L;

  private final PrintWriter out;
  private final Map<Blob, State> states = new HashMap<>();
  private int next;

  public JsonCopyReport(PrintWriter out) {
    this.out = out;
  }

  /** A blob under way. Its number stands for it until its digest is known. */
  private static final class State {
    final int number;
    long sent;
    long told;

    State(int number) {
      this.number = number;
    }
  }

  @Override
  public synchronized void started(Blob blob) {
    State state = new State(next++);
    states.put(blob, state);
    print(named(event("started").field("blob", state.number), blob));
  }

  @Override
  public synchronized void advanced(Blob blob, long bytes) {
    State state = states.get(blob);
    if (state == null) {
      return;
    }
    state.sent += bytes;
    long now = System.nanoTime();
    if (state.told == 0 || now - state.told > INTERVAL_NANOS) {
      state.told = now;
      print(event("progress").field("blob", state.number).field("sent", state.sent));
    }
  }

  @Override
  public synchronized void finished(Blob blob, Descriptor descriptor) {
    State state = states.remove(blob);
    print(
        named(event("finished").field("blob", state == null ? -1 : state.number), descriptor)
            .field("sent", state == null ? 0 : state.sent));
  }

  @Override
  public synchronized void skipped(Descriptor descriptor, String reason) {
    print(named(event("skipped"), descriptor).field("reason", reason));
  }

  @Override
  public synchronized void retrying(String problem, long waitMillis) {
    print(event("retrying").field("problem", problem).field("waitMillis", waitMillis));
  }

  @Override
  public synchronized void done(String destination, Descriptor manifest) {
    print(named(event("done").field("destination", destination), manifest));
  }

  private static JsonOutput event(String name) {
    return JsonOutput.compact().beginObject().field("event", name);
  }

  private static JsonOutput named(JsonOutput event, Blob blob) {
    boolean known = !(blob instanceof PendingBlob d) || d.known().isPresent();
    return known ? named(event, blob.descriptor()) : event;
  }

  private static JsonOutput named(JsonOutput event, Descriptor d) {
    return event.field("digest", d.digest().value()).field("size", d.size());
  }

  private void print(JsonOutput event) {
    out.println(event.endObject());
    out.flush();
  }

  @Override
  public void close() {}
}
