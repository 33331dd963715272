package dev.strata.cli.command;

import dev.strata.blob.Descriptor;
import dev.strata.blob.Progress;
import java.util.function.BooleanSupplier;

/** Records the totals of a build and forwards all events. Thread-safe. */
final class CountingProgress implements Progress {
  private final Progress next;
  private final BooleanSupplier cancelled;
  private volatile long entries;
  private volatile long bytes;

  CountingProgress(Progress next, BooleanSupplier cancelled) {
    this.next = next;
    this.cancelled = cancelled;
  }

  long entries() {
    return entries;
  }

  long bytes() {
    return bytes;
  }

  @Override
  public void planned(int layers, long entryCount, long byteCount) {
    entries = entryCount;
    bytes = byteCount;
    next.planned(layers, entryCount, byteCount);
  }

  @Override
  public void advanced(long byteCount) {
    next.advanced(byteCount);
  }

  @Override
  public void finished(int index, Descriptor layer) {
    next.finished(index, layer);
  }

  @Override
  public boolean cancelled() {
    return cancelled.getAsBoolean();
  }
}
