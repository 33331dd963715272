package dev.strata.layer;

import dev.strata.tar.TarStream;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A tar stream on its way: slabs are made by any worker, in a window ahead of the one worker that
 * consumes them in order. Thread-safe, with one consumer.
 */
final class Flight {
  private static final int WINDOW = 8;

  private final TarStream stream;
  private final SlabPool pool;
  private final long slabs;
  private final AtomicLong claimed = new AtomicLong();
  private final AtomicReferenceArray<byte @Nullable []> ready = new AtomicReferenceArray<>(WINDOW);
  private volatile long consumed;

  Flight(TarStream stream, SlabPool pool) {
    this.stream = stream;
    this.pool = pool;
    this.slabs = (stream.size() + pool.slabSize() - 1) / pool.slabSize();
  }

  TarStream stream() {
    return stream;
  }

  long slabs() {
    return slabs;
  }

  /** How many slabs nobody has begun to make. */
  long unclaimed() {
    return slabs - claimed.get();
  }

  /** Makes the next slab that nobody makes; false if the window is full or all are claimed. */
  boolean makeNext(TarStream.Reader reader) {
    while (true) {
      long k = claimed.get();
      if (k >= slabs || k >= consumed + WINDOW) {
        return false;
      }
      if (claimed.compareAndSet(k, k + 1)) {
        byte[] slab = pool.take();
        reader.read(k * pool.slabSize(), slab, length(k));
        ready.set((int) (k % WINDOW), slab);
        return true;
      }
    }
  }

  int length(long slab) {
    return (int) Math.min(pool.slabSize(), stream.size() - slab * pool.slabSize());
  }

  /** The slab that is next in order, if it is made. Consumer only. */
  byte @Nullable [] poll(long slab) {
    return ready.get((int) (slab % WINDOW));
  }

  /** Gives a consumed slab back. Consumer only. */
  void release(long slab, byte[] bytes) {
    ready.set((int) (slab % WINDOW), null);
    pool.give(bytes);
    consumed = slab + 1;
  }
}
