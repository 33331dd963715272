package dev.strata.internal.pipeline;

import dev.strata.blob.Descriptor;
import dev.strata.blob.MediaTypes;
import dev.strata.blob.Progress;
import dev.strata.internal.foreign.SlabPool;
import dev.strata.layering.LayerPath;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What each worker does to get a plan hashed: scan paths until none is left, then hash one layer
 * after the other, then read ahead for the workers that still hash; before that too for a layer
 * that would be finished last. One worker begins to hash the early layer at once. Thread-safe.
 */
final class LayerWork implements Crew.Work, AutoCloseable {
  private static final int SLAB_BYTES = 256 << 10;

  /** The number of slabs for each worker, besides one window, that may be filled ahead. */
  private static final int SLABS_AHEAD = 2;

  private final LayerSink.Factory sinks;
  private final Progress progress;
  private final Layout layout;
  private final HashQueue queue;
  private final SlabPool pool;
  private final List<Flight> flights;
  private final ReadAhead ahead;
  private final AtomicBoolean announced = new AtomicBoolean();
  private final AtomicReferenceArray<HashedLayer> hashed;

  /**
   * Creates the work on a plan.
   *
   * @param keepsNone whether no sink keeps a slab
   */
  LayerWork(
      List<List<LayerPath>> plan,
      LayerSink.Factory sinks,
      Progress progress,
      int jobs,
      int window,
      boolean keepsNone) {
    this.sinks = sinks;
    this.progress = progress;
    // With one worker there is nobody to lay the early layer out while it is hashed.
    layout = new Layout(plan, jobs > 1, progress);
    queue = new HashQueue(layout.tapes(), layout.early());
    pool = new SlabPool(SLAB_BYTES, keepsNone);
    flights = layout.tapes().stream().map(tape -> new Flight(tape, pool, window)).toList();
    ahead = new ReadAhead(flights.size(), jobs, window + SLABS_AHEAD * jobs);
    hashed = new AtomicReferenceArray<>(flights.size());
    if (layout.isComplete()) {
      announceLayout();
    }
  }

  /** Returns the result for a layer. To be called when all workers have ended. */
  HashedLayer hashed(int layer) {
    return Objects.requireNonNull(hashed.get(layer));
  }

  /** Frees the slabs. To be called when all workers have ended. */
  @Override
  public void close() {
    pool.close();
  }

  @Override
  public void run(Crew.Worker worker) throws IOException {
    if (worker.isReader()) {
      scanAll(worker);
      read(worker);
      return;
    }
    if (queue.claimEarly()) {
      hash(layout.early(), worker);
    }
    if (layout.early() == Layout.NONE) {
      scanAll(worker);
    } else {
      scanBesideEarly(worker);
    }
    hashOrHelp(worker);
  }

  private void hashOrHelp(Crew.Worker worker) throws IOException {
    ReadAhead.Helper helper = ahead.new Helper(worker);
    while (!ahead.isDone()) {
      worker.checkStopped();
      if (helper.fillLast(queue.unclaimedBytes())) {
        worker.busy();
        continue;
      }
      int layer = queue.claim();
      if (layer != Layout.NONE) {
        worker.busy();
        hash(layer, worker);
      } else if (helper.fill()) {
        worker.busy();
      } else {
        worker.rest();
      }
    }
  }

  /** Fills slabs for the others until all layers are hashed. */
  private void read(Crew.Worker worker) {
    ReadAhead.Helper helper = ahead.new Helper(worker);
    while (!ahead.isDone()) {
      if (helper.fill()) {
        worker.busy();
      } else {
        worker.rest();
      }
    }
  }

  private void scanAll(Crew.Worker worker) {
    boolean more = true;
    while (more) {
      worker.checkStopped();
      more = scanNext(worker, () -> {});
    }
  }

  /**
   * Fills slabs of the early layer as long as its hasher can use them, and scans more paths when it
   * cannot: hashing it without a pause is what takes longest.
   */
  private void scanBesideEarly(Crew.Worker worker) {
    Flight flight = flights.get(layout.early());
    LayerTape.Reader reader = flight.tape().reader(worker.files());
    Runnable fillAll =
        () -> {
          boolean filled = true;
          while (filled) {
            worker.checkStopped();
            filled = flight.fillNext(reader);
          }
        };
    boolean more = true;
    while (more) {
      fillAll.run();
      more = scanNext(worker, fillAll);
    }
  }

  private boolean scanNext(Crew.Worker worker, Runnable meanwhile) {
    boolean scanned = layout.scanNext(worker.files(), meanwhile);
    if (scanned) {
      worker.busy();
    }
    if (scanned && layout.isComplete() && announced.compareAndSet(false, true)) {
      announceLayout();
    }
    return scanned;
  }

  private void announceLayout() {
    long entries = 0;
    long bytes = 0;
    for (LayerTape tape : layout.tapes()) {
      entries += tape.entries();
      bytes += tape.size();
    }
    progress.planned(flights.size(), entries, bytes);
    layout.reportNotable(progress);
    layout.reportWhiteouts(progress);
    queue.open();
  }

  private void hash(int layer, Crew.Worker worker) throws IOException {
    Flight flight = flights.get(layer);
    ahead.started(flight);
    try (LayerSink sink = sinks.open(layer, flight.tape())) {
      HashedLayer result =
          new LayerHasher(flight, worker, sink, progress).hash(() -> scanNext(worker, () -> {}));
      hashed.set(layer, result);
      progress.finished(layer, new Descriptor(MediaTypes.LAYER, result.digest(), result.size()));
    }
    ahead.finished(flight);
  }
}
