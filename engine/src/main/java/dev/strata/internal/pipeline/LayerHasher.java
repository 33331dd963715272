package dev.strata.internal.pipeline;

import dev.strata.blob.Digest;
import dev.strata.blob.Progress;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.function.BooleanSupplier;

/**
 * Hashes one layer: takes its slabs in order, fills those that no other worker fills, and passes
 * each on to the sink. Used by one worker.
 */
final class LayerHasher {
  private final Flight flight;
  private final LayerTape.Reader reader;
  private final Crew.Worker worker;
  private final LayerSink sink;
  private final Progress progress;
  private final MessageDigest hash = Digest.newSha256();
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
    for (long k = 0; !flight.isEnd(k); k++) {
      byte[] slab = flight.poll(k);
      while (slab == null) {
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

  private void take(long k, byte[] slab) throws IOException {
    int length = flight.length(k);
    hash.update(slab, 0, length);
    sink.take(slab, length);
    size += length;
    flight.release(k, slab);
    progress.advanced(length);
  }

  private HashedLayer finish() throws IOException {
    LayerTape tape = flight.tape();
    HashedLayer hashed =
        new HashedLayer(
            Digest.sha256(hash.digest()),
            size,
            tape.entries(),
            tape.privilegedCount(),
            tape.firstPrivileged(),
            tape.isRemarked());
    sink.finish(hashed.digest());
    return hashed;
  }
}
