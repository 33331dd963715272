package dev.strata.internal.pipeline;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The tape of a layer on its way: slabs are made by any worker, in a window ahead of the one worker
 * that consumes them in order. Thread-safe, with one consumer.
 */
final class Flight {
  private final LayerTape tape;
  private final SlabPool pool;
  private final AtomicLong claimed = new AtomicLong();
  private final int window;
  private final AtomicReferenceArray<byte @Nullable []> ready;
  private volatile long consumed;

  /**
   * Creates a flight.
   *
   * @param window how many slabs the makers may be ahead
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

  /** Whether there is a slab of this number; false while that is not known. */
  boolean isKnown(long slab) {
    // Asked in this order: a tape that is complete now has its whole length.
    boolean whole = tape.isComplete();
    long available = tape.available();
    return slab < (whole ? slabs(available) : available / pool.slabSize());
  }

  /** Whether the slabs before this number are all there are. */
  boolean isEnd(long slab) {
    return tape.isComplete() && slab >= slabs(tape.size());
  }

  private long slabs(long bytes) {
    return (bytes + pool.slabSize() - 1) / pool.slabSize();
  }

  /** How many bytes of slabs that nobody has begun to make are laid out. */
  long unclaimed() {
    return Math.max(0, tape.available() - claimed.get() * pool.slabSize());
  }

  /** Makes the next slab that nobody makes; false if the window is full or all are claimed. */
  boolean fillNext(LayerTape.Reader reader) {
    while (true) {
      long k = claimed.get();
      if (k >= consumed + window || !isKnown(k)) {
        return false;
      }
      if (claimed.compareAndSet(k, k + 1)) {
        byte[] slab = pool.take();
        reader.read(k * pool.slabSize(), slab, length(k));
        ready.set((int) (k % window), slab);
        return true;
      }
    }
  }

  /** The length of a slab that is known, in bytes. */
  int length(long slab) {
    return (int) Math.min(pool.slabSize(), tape.available() - slab * pool.slabSize());
  }

  /** The slab that is next in order, if it is made. Consumer only. */
  byte @Nullable [] poll(long slab) {
    return ready.get((int) (slab % window));
  }

  /** Gives a consumed slab back. Consumer only. */
  void release(long slab, byte[] bytes) {
    ready.set((int) (slab % window), null);
    pool.give(bytes);
    consumed = slab + 1;
  }
}
