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
  private final int jobs;
  private final int limit;

  /**
   * Creates an empty set.
   *
   * @param layers the number of layers that will be started and finished
   * @param jobs the number of workers
   * @param limit the number of filled slabs of all layers together from which no more are filled
   *     ahead
   */
  ReadAhead(int layers, int jobs, int limit) {
    this.unfinished = new AtomicInteger(layers);
    this.jobs = jobs;
    this.limit = limit;
  }

  void started(Flight flight) {
    active.add(flight);
  }

  void finished(Flight flight) {
    active.remove(flight);
    unfinished.decrementAndGet();
  }

  /** Returns whether all layers are finished. */
  boolean isDone() {
    return unfinished.get() == 0;
  }

  /** Fills slabs for others. For one worker. */
  final class Helper {
    private final Crew.Worker worker;
    private @Nullable Flight helped;
    private LayerTape.@Nullable Reader reader;

    Helper(Crew.Worker worker) {
      this.worker = worker;
    }

    /**
     * Fills a slab of the layer with the most left, if that layer would be finished last: hashing
     * one layer cannot be divided among workers, so that it must not wait for its slabs.
     *
     * @param queued the total size in bytes of the layers that have not been started
     * @return false if there is no such layer, or no room for its slabs
     */
    boolean fillLast(long queued) {
      long left = queued;
      for (Flight f : active) {
        left = Math.max(left, left + f.unclaimed());
      }
      Flight most = mostUnclaimed();
      return most != null && most.unclaimed() > left / jobs && fill(most);
    }

    /** Fills a slab of the layer with the most left; returns false if no layer has room. */
    boolean fill() {
      Flight most = mostUnclaimed();
      return most != null && fill(most);
    }

    private boolean fill(Flight flight) {
      LayerTape.Reader known = reader;
      if (known == null || flight != helped) {
        known = flight.tape().reader(worker.files());
        reader = known;
        helped = flight;
      }
      return flight.fillNext(known);
    }
  }

  /** Returns the layer with the most left of those whose slabs can be filled. */
  private @Nullable Flight mostUnclaimed() {
    @Nullable Flight most = null;
    long ahead = 0;
    for (Flight f : active) {
      ahead += f.ahead();
      if (f.hasRoom() && (most == null || f.unclaimed() > most.unclaimed())) {
        most = f;
      }
    }
    return ahead < limit ? most : null;
  }
}
