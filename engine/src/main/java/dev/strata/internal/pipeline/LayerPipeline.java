package dev.strata.internal.pipeline;

import dev.strata.blob.Digest;
import dev.strata.blob.Progress;
import dev.strata.io.StrataException;
import dev.strata.layering.LayerPath;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The way from paths to digests: scan and lay out, then make slabs and hash them, on a crew of
 * workers. A worker hashes one layer at a time and makes its slabs itself, unless workers without a
 * layer of their own are ahead of it. Thread-safe.
 */
public final class LayerPipeline {
  private static final int SLAB_BYTES = 256 << 10;

  /** How many slabs of a layer may be ready: enough to last while its helper scans a long path. */
  private static final int HASHING_WINDOW = 32;

  /** The same while a layer is streamed: others may be on their way at the same time. */
  private static final int STREAM_WINDOW = 8;

  private final int jobs;
  private final Progress progress;

  public LayerPipeline(int jobs, Progress progress) {
    this.jobs = jobs;
    this.progress = progress;
  }

  /** The hashing of one layer, by the worker that owns it. */
  @FunctionalInterface
  public interface Hashing {
    /** Hashes the whole stream; each piece also goes to the sink. */
    Digest digest(SlabSink sink);
  }

  /** What is done with each layer. */
  @FunctionalInterface
  public interface Owner {
    void take(int index, Hashing hashing);
  }

  /** Lays out the tar stream of each layer of a plan. */
  public List<LayerTape> layOut(List<List<LayerPath>> plan) {
    Run run = new Run(plan, _ -> {}, (_, _) -> {}, 0);
    new Crew(Math.min(jobs, run.scans.size()), progress).run(run::scanAll);
    return run.tapes;
  }

  /**
   * Lays out and hashes each layer of a plan.
   *
   * @param laidOut is told once all layers are laid out, by one of the workers
   * @param owner takes each layer
   */
  public void run(List<List<LayerPath>> plan, LaidOut laidOut, Owner owner) {
    new Crew(jobs, progress).run(new Run(plan, laidOut, owner, HASHING_WINDOW)::work);
  }

  /** Is told once all layers are laid out. */
  @FunctionalInterface
  public interface LaidOut {
    void tell(List<LayerTape> tapes);
  }

  /** Streams one layer to a sink and gives its digest. */
  public Digest stream(List<LayerPath> paths, SlabSink sink) {
    AtomicReference<@Nullable Digest> digest = new AtomicReference<>();
    Owner owner = (_, hashing) -> digest.set(hashing.digest(sink));
    Run run = new Run(List.of(paths), _ -> {}, owner, STREAM_WINDOW);
    new Crew(jobs, progress).run(run::work);
    return Objects.requireNonNull(digest.get());
  }

  /** One path of a layer that is to be scanned. */
  private record Scan(LayerContent layer, int path) {}

  /** The layers of one plan on their way. */
  private final class Run {
    private final LaidOut laidOut;
    private final Owner owner;
    private final List<LayerTape> tapes;
    private final List<Flight> flights;
    private final List<Scan> scans = new ArrayList<>();
    private final AtomicInteger nextScan = new AtomicInteger();
    private final AtomicInteger missingScans;

    /** The layer that is hashed while it and the others are laid out, or -1. */
    private final int early;

    private final AtomicBoolean earlyTaken = new AtomicBoolean();

    /** The layers to be hashed, the largest first, so that no long one is left at the end. */
    private volatile @Nullable List<Integer> order;

    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger unfinished;
    private final List<Flight> active = new CopyOnWriteArrayList<>();

    Run(List<List<LayerPath>> plan, LaidOut laidOut, Owner owner, int window) {
      this.laidOut = laidOut;
      this.owner = owner;
      List<LayerContent> contents = plan.stream().map(LayerContent::new).toList();
      SlabPool pool = new SlabPool(SLAB_BYTES);
      tapes = contents.stream().map(LayerContent::tape).toList();
      flights = tapes.stream().map(tape -> new Flight(tape, pool, window)).toList();
      unfinished = new AtomicInteger(flights.size());
      early = longestRow();
      if (early >= 0) {
        addScans(contents.get(early));
      }
      for (int i = 0; i < contents.size(); i++) {
        if (i != early) {
          addScans(contents.get(i));
        }
      }
      missingScans = new AtomicInteger(scans.size());
      if (scans.isEmpty()) {
        allLaidOut();
      }
    }

    /** The layer with the most parts; with one worker there is nobody to lay it out meanwhile. */
    private int longestRow() {
      int longest = -1;
      int most = 1;
      for (int i = 0; i < tapes.size() && jobs > 1; i++) {
        if (tapes.get(i).partCount() > most) {
          most = tapes.get(i).partCount();
          longest = i;
        }
      }
      return longest;
    }

    private void addScans(LayerContent layer) {
      for (int i = 0; i < layer.scanCount(); i++) {
        scans.add(new Scan(layer, i));
      }
    }

    private void work(Crew.Worker worker) {
      if (early >= 0 && earlyTaken.compareAndSet(false, true)) {
        take(early, worker);
      }
      if (early >= 0) {
        scanBesideEarly(worker);
      } else {
        scanAll(worker);
      }
      List<Integer> largestFirst = order;
      while (largestFirst == null) {
        worker.pause();
        largestFirst = order;
      }
      worker.busy();
      for (int i = next.getAndIncrement(); i < largestFirst.size(); i = next.getAndIncrement()) {
        take(largestFirst.get(i), worker);
      }
      help(worker);
    }

    private void take(int layer, Crew.Worker worker) {
      Flight flight = flights.get(layer);
      active.add(flight);
      owner.take(layer, sink -> consume(flight, worker, sink));
      active.remove(flight);
      unfinished.decrementAndGet();
    }

    private void scanAll(Crew.Worker worker) {
      boolean more = true;
      while (more) {
        worker.checkStopped();
        more = scanOne(worker, () -> {});
      }
    }

    /**
     * Makes slabs of the early layer as long as its owner can use them, and scans the more when it
     * cannot: its owner hashes without a pause, which is what takes longest.
     */
    private void scanBesideEarly(Crew.Worker worker) {
      Flight flight = flights.get(early);
      LayerTape.Reader reader = flight.tape().reader(worker.files());
      Runnable makeAll =
          () -> {
            boolean made = true;
            while (made) {
              worker.checkStopped();
              made = flight.makeNext(reader);
            }
          };
      boolean more = true;
      while (more) {
        makeAll.run();
        more = scanOne(worker, makeAll);
      }
    }

    /** Scans the next path; false if there is none. */
    private boolean scanOne(Crew.Worker worker, Runnable meanwhile) {
      int number = nextScan.get() < scans.size() ? nextScan.getAndIncrement() : scans.size();
      if (number >= scans.size()) {
        return false;
      }
      Scan scan = scans.get(number);
      scan.layer().scan(scan.path(), worker.files(), meanwhile);
      if (missingScans.decrementAndGet() == 0) {
        allLaidOut();
      }
      return true;
    }

    private void allLaidOut() {
      laidOut.tell(tapes);
      order = largestFirst();
    }

    private List<Integer> largestFirst() {
      List<Integer> layers = new ArrayList<>();
      for (int i = 0; i < tapes.size(); i++) {
        if (i != early) {
          layers.add(i);
        }
      }
      // No comparingLong: the JVM makes its class anew in every run.
      layers.sort((a, b) -> Long.compare(tapes.get(b).size(), tapes.get(a).size()));
      return layers;
    }

    /** Makes slabs for the layers that others hash, the one with the most left first. */
    private void help(Crew.Worker worker) {
      @Nullable Flight helped = null;
      LayerTape.@Nullable Reader reader = null;
      while (unfinished.get() > 0) {
        @Nullable Flight most = null;
        for (Flight f : active) {
          if (f.unclaimed() > 0 && (most == null || f.unclaimed() > most.unclaimed())) {
            most = f;
          }
        }
        if (most == null) {
          worker.pause();
          continue;
        }
        if (reader == null || most != helped) {
          reader = most.tape().reader(worker.files());
          helped = most;
        }
        if (most.makeNext(reader)) {
          worker.busy();
        } else {
          worker.pause();
        }
      }
    }

    private Digest consume(Flight flight, Crew.Worker worker, SlabSink sink) {
      MessageDigest hash = Digest.newSha256();
      LayerTape.Reader reader = flight.tape().reader(worker.files());
      for (long k = 0; !flight.isEnd(k); k++) {
        byte[] slab = flight.poll(k);
        while (slab == null) {
          if (flight.makeNext(reader)) {
            worker.busy();
          } else if (flight.isEnd(k)) {
            return Digest.sha256(hash.digest());
          } else if (scanOne(worker, () -> {})) {
            worker.busy();
          } else {
            worker.pause();
          }
          slab = flight.poll(k);
        }
        worker.checkStopped();
        int length = flight.length(k);
        hash.update(slab, 0, length);
        try {
          sink.take(slab, length);
        } catch (IOException e) {
          throw new StrataException("cannot write the layer: " + e.getMessage(), e);
        }
        flight.release(k, slab);
        progress.advanced(length);
      }
      return Digest.sha256(hash.digest());
    }
  }
}
