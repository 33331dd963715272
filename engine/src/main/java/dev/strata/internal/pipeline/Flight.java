package dev.strata.internal.pipeline;

import dev.strata.internal.foreign.Slab;
import dev.strata.internal.foreign.SlabPool;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The tape of a layer that is being hashed: any worker fills slabs, in a window ahead of the one
 * worker that consumes them in order. Thread-safe, with one consumer.
 */
final class Flight {
  private final LayerTape tape;
  private final SlabPool pool;
  private final AtomicLong claimed = new AtomicLong();
  private final int window;
  private final AtomicReferenceArray<@Nullable Slab> ready;
  private volatile long consumed;

  /**
   * Creates a flight.
   *
   * @param window the number of slabs that may be filled ahead of the consumer
   */
  Flight(LayerTape tape, SlabPool pool, int window) {
    this.tape = tape;
    this.pool = pool;
    this.window = window;
    this.ready = new AtomicReferenceArray<>(window);
  }

  LayerTape tape() {
    return tape;
  }

  /** Returns whether the slab exists; false while that is not known. */
  boolean isKnown(long slab) {
    // In this order: if the tape is complete here, its length is final.
    boolean whole = tape.isComplete();
    long available = tape.available();
    return slab < (whole ? slabs(available) : available / pool.slabSize());
  }

  /** Returns whether the tape ends before this slab. */
  boolean isEnd(long slab) {
    return tape.isComplete() && slab >= slabs(tape.size());
  }

  private long slabs(long bytes) {
    return (bytes + pool.slabSize() - 1) / pool.slabSize();
  }

  /** Returns how many bytes are laid out in slabs that no worker has claimed. */
  long unclaimed() {
    return Math.max(0, tape.available() - claimed.get() * pool.slabSize());
  }

  /** Returns how many slabs have been claimed and not yet consumed. */
  long ahead() {
    return claimed.get() - consumed;
  }

  /** Returns whether there is a slab to fill within the window. */
  boolean hasRoom() {
    long k = claimed.get();
    return k < consumed + window && isKnown(k);
  }

  /** Claims the next slab and fills it; returns false if there is none within the window. */
  boolean fillNext(LayerTape.Reader reader) {
    while (true) {
      long k = claimed.get();
      if (k >= consumed + window || !isKnown(k)) {
        return false;
      }
      if (claimed.compareAndSet(k, k + 1)) {
        Slab slab = pool.take();
        reader.read(k * pool.slabSize(), slab, length(k));
        ready.set((int) (k % window), slab);
        return true;
      }
    }
  }

  /** Returns the length in bytes of a slab that exists. */
  int length(long slab) {
    return (int) Math.min(pool.slabSize(), tape.available() - slab * pool.slabSize());
  }

  /** Returns the slab if it has been filled. For the consumer. */
  @Nullable Slab poll(long slab) {
    return ready.get((int) (slab % window));
  }

  /** Returns a consumed slab to the pool, unless the sink keeps it. For the consumer. */
  void release(long slab, Slab bytes, boolean kept) {
    ready.set((int) (slab % window), null);
    if (!kept) {
      pool.give(bytes);
    }
    consumed = slab + 1;
  }
}
