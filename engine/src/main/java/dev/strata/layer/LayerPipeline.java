package dev.strata.layer;

import dev.strata.io.StrataException;
import dev.strata.layering.LayerPath;
import dev.strata.tar.TarStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The way from paths to digests: scan and lay out, then make slabs and hash them, on a crew of
 * workers. A worker hashes one layer at a time and makes its slabs itself, unless workers without a
 * layer of their own are ahead of it. Thread-safe.
 */
final class LayerPipeline {
  private static final int SLAB_BYTES = 256 << 10;

  private final int jobs;
  private final Progress progress;

  LayerPipeline(int jobs, Progress progress) {
    this.jobs = jobs;
    this.progress = progress;
  }

  /** The hashing of one layer, by the worker that owns it. */
  @FunctionalInterface
  interface Hashing {
    /** Hashes the whole stream; each piece also goes to the sink. */
    Digest digest(SlabSink sink);
  }

  /** What is done with each layer. */
  @FunctionalInterface
  interface Owner {
    void take(int index, Hashing hashing);
  }

  /** Lays out the tar stream of each layer of a plan. */
  List<TarStream> layOut(List<List<LayerPath>> plan) {
    record Scan(LayerContent layer, int path) {}
    List<LayerContent> contents = plan.stream().map(LayerContent::new).toList();
    List<Scan> scans = new ArrayList<>();
    for (LayerContent c : contents) {
      for (int i = 0; i < c.paths().size(); i++) {
        scans.add(new Scan(c, i));
      }
    }
    AtomicInteger next = new AtomicInteger();
    new Crew(Math.min(jobs, scans.size()), progress)
        .run(worker -> {
          for (int i = next.getAndIncrement(); i < scans.size(); i = next.getAndIncrement()) {
            worker.checkStopped();
            Scan scan = scans.get(i);
            scan.layer().scan(scan.path(), worker.files());
          }
        });
    return contents.stream().map(LayerContent::stream).toList();
  }

  /** Hashes streams, the largest first, so that no long one is left at the end. */
  void run(List<TarStream> streams, Owner owner) {
    SlabPool pool = new SlabPool(SLAB_BYTES);
    List<Flight> flights = streams.stream().map(s -> new Flight(s, pool)).toList();
    int[] order =
        IntStream.range(0, flights.size())
            .boxed()
            .sorted(Comparator.comparingLong(i -> -flights.get(i).slabs()))
            .mapToInt(Integer::intValue)
            .toArray();
    AtomicInteger next = new AtomicInteger();
    AtomicInteger unfinished = new AtomicInteger(flights.size());
    List<Flight> active = new CopyOnWriteArrayList<>();
    new Crew(jobs, progress)
        .run(worker -> {
          for (int i = next.getAndIncrement(); i < order.length; i = next.getAndIncrement()) {
            Flight flight = flights.get(order[i]);
            active.add(flight);
            owner.take(order[i], sink -> consume(flight, worker, sink));
            active.remove(flight);
            unfinished.decrementAndGet();
          }
          help(active, unfinished, worker);
        });
  }

  /** Streams one layer to a sink and gives its digest. */
  Digest stream(List<LayerPath> paths, SlabSink sink) {
    AtomicReference<@Nullable Digest> digest = new AtomicReference<>();
    run(layOut(List.of(paths)), (_, hashing) -> digest.set(hashing.digest(sink)));
    return java.util.Objects.requireNonNull(digest.get());
  }

  private Digest consume(Flight flight, Crew.Worker worker, SlabSink sink) {
    MessageDigest hash = Digest.newSha256();
    TarStream.Reader reader = flight.stream().reader(worker.files());
    for (long k = 0; k < flight.slabs(); k++) {
      byte[] slab = flight.poll(k);
      while (slab == null) {
        if (flight.makeNext(reader)) {
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

  /** Makes slabs for the layers that others hash, the one with the most left first. */
  private static void help(List<Flight> active, AtomicInteger unfinished, Crew.Worker worker) {
    @Nullable Flight helped = null;
    TarStream.@Nullable Reader reader = null;
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
        reader = most.stream().reader(worker.files());
        helped = most;
      }
      if (most.makeNext(reader)) {
        worker.busy();
      } else {
        worker.pause();
      }
    }
  }
}
