package dev.strata;

import dev.strata.blob.Blob;
import dev.strata.blob.PendingBlob;
import dev.strata.transport.Transfer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/** Adds up the progress of a copy. Thread-safe. */
final class CopyProgress implements Transfer.Listener {
  private final ProgressListener listener;
  private final BooleanSupplier cancelled;
  private final AtomicLong done = new AtomicLong();
  private final AtomicLong total = new AtomicLong();

  CopyProgress(ProgressListener listener, BooleanSupplier cancelled) {
    this.listener = listener;
    this.cancelled = cancelled;
  }

  @Override
  public void started(Blob blob) {
    PendingBlob.known(blob).ifPresent(known -> total.addAndGet(known.size()));
  }

  @Override
  public void advanced(Blob blob, long bytes) {
    long now = done.addAndGet(bytes);
    listener.progressed(now, Math.max(total.get(), now));
  }

  @Override
  public boolean cancelled() {
    return cancelled.getAsBoolean();
  }
}
