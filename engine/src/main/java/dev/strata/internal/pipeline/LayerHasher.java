package dev.strata.internal.pipeline;

import dev.strata.blob.Digest;
import dev.strata.blob.Progress;
import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.foreign.Sha256;
import dev.strata.internal.foreign.Slab;
import java.io.IOException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hashes one layer: takes its slabs in order, fills those that no other worker fills, and passes
 * each on to the sink. Used by one worker.
 */
final class LayerHasher {
  /** Layers of a few files up to this size are hashed before libcrypto is bound, in bytes. */
  private static final long SMALL = 2 << 20;

  private final Flight flight;
  private final LayerTape.Reader reader;
  private final Crew.Worker worker;
  private final LayerSink sink;
  private final Progress progress;
  private @Nullable Sha256 hash;
  private long size;

  LayerHasher(Flight flight, Crew.Worker worker, LayerSink sink, Progress progress) {
    this.flight = flight;
    this.reader = flight.tape().reader(worker.files());
    this.worker = worker;
    this.sink = sink;
    this.progress = progress;
  }

  /**
   * Hashes the whole stream.
   *
   * @param otherWork does something useful while no slab can be filled; returns false if there is
   *     nothing
   */
  HashedLayer hash(BooleanSupplier otherWork) throws IOException {
    try {
      return hashAll(otherWork);
    } finally {
      if (hash != null) {
        hash.close();
      }
    }
  }

  private HashedLayer hashAll(BooleanSupplier otherWork) throws IOException {
    for (long k = 0; !flight.isEnd(k); k++) {
      Slab slab = flight.poll(k);
      while (slab == null || hash == null && !isHashKnown()) {
        if (flight.fillNext(reader)) {
          worker.busy();
        } else if (flight.isEnd(k)) {
          // The last part was laid out meanwhile, and is empty.
          return finish();
        } else if (otherWork.getAsBoolean()) {
          worker.busy();
        } else {
          worker.pause();
        }
        slab = flight.poll(k);
      }
      worker.checkStopped();
      take(k, slab);
    }
    return finish();
  }

  private void take(long k, Slab slab) throws IOException {
    int length = flight.length(k);
    opened().update(slab, length);
    boolean kept = sink.take(slab, length);
    size += length;
    flight.release(k, slab, kept);
    progress.advanced(length);
  }

  /** Returns whether the fastest hash is known, and sees to it that it will be. */
  private boolean isHashKnown() {
    bindIfLarge();
    return Sha256.isSettled();
  }

  /** Libcrypto is worth waiting for unless the layer is known to be small. */
  private void bindIfLarge() {
    LayerTape tape = flight.tape();
    if (!tape.isComplete() || tape.size() > SMALL) {
      SourceFiles.prepare();
    }
  }

  /** The hash is opened as late as possible, when it is known which one is the fastest. */
  private Sha256 opened() {
    Sha256 known = hash;
    if (known == null) {
      LayerTape tape = flight.tape();
      known = tape.isComplete() ? Sha256.open(tape.size()) : Sha256.open();
      hash = known;
    }
    return known;
  }

  private HashedLayer finish() throws IOException {
    LayerTape tape = flight.tape();
    HashedLayer hashed =
        new HashedLayer(
            Digest.sha256(opened().digest()),
            size,
            tape.entries(),
            tape.privilegedCount(),
            tape.firstPrivileged(),
            tape.isRemarked());
    sink.finish(hashed.digest());
    return hashed;
  }
}
