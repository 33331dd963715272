package dev.strata;

import dev.strata.blob.Progress;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Adds up the progress of a build. Thread-safe. */
final class BuildProgress implements Progress {
  private final ProgressListener listener;
  private final BooleanSupplier cancelled;
  private final AtomicLong done = new AtomicLong();
  private volatile long total;

  BuildProgress(ProgressListener listener, BooleanSupplier cancelled) {
    this.listener = listener;
    this.cancelled = cancelled;
  }

  @Override
  public void planned(int layers, long entries, long bytes) {
    total = bytes;
  }

  @Override
  public void advanced(long bytes) {
    long now = done.addAndGet(bytes);
    listener.progressed(now, Math.max(total, now));
  }

  @Override
  public boolean cancelled() {
    return cancelled.getAsBoolean();
  }
}
