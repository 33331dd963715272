package dev.strata.internal.pipeline;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The layers that are being hashed, for workers that have none of their own: they fill slabs ahead
 * of those that hash. Thread-safe.
 */
final class ReadAhead {
  private final List<Flight> active = new CopyOnWriteArrayList<>();
  private final AtomicInteger unfinished;

  /**
   * Creates an empty set.
   *
   * @param layers the number of layers that will be started and finished
   */
  ReadAhead(int layers) {
    unfinished = new AtomicInteger(layers);
  }

  void started(Flight flight) {
    active.add(flight);
  }

  void finished(Flight flight) {
    active.remove(flight);
    unfinished.decrementAndGet();
  }

  /** Fills slabs, those of the layer with the most left first, until all layers are finished. */
  void help(Crew.Worker worker) {
    @Nullable Flight helped = null;
    LayerTape.@Nullable Reader reader = null;
    while (unfinished.get() > 0) {
      worker.checkStopped();
      @Nullable Flight most = mostUnclaimed();
      if (most == null) {
        worker.pause();
        continue;
      }
      if (reader == null || most != helped) {
        reader = most.tape().reader(worker.files());
        helped = most;
      }
      if (most.fillNext(reader)) {
        worker.busy();
      } else {
        worker.pause();
      }
    }
  }

  private @Nullable Flight mostUnclaimed() {
    @Nullable Flight most = null;
    for (Flight f : active) {
      if (f.unclaimed() > 0 && (most == null || f.unclaimed() > most.unclaimed())) {
        most = f;
      }
    }
    return most;
  }
}
