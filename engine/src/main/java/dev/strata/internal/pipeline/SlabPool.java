package dev.strata.internal.pipeline;

import java.util.ArrayDeque;

/**
 * Slabs for reuse, last in, first out, so that a single worker gets the one that is still in the
 * CPU's cache. Thread-safe.
 */
final class SlabPool {
  private final int slabSize;
  private final ArrayDeque<byte[]> free = new ArrayDeque<>();

  /** Creates a pool of slabs of {@code slabSize} bytes, with a little room to read too much. */
  SlabPool(int slabSize) {
    this.slabSize = slabSize;
  }

  int slabSize() {
    return slabSize;
  }

  byte[] take() {
    synchronized (free) {
      byte[] slab = free.pollFirst();
      if (slab != null) {
        return slab;
      }
    }
    return new byte[slabSize + 512];
  }

  void give(byte[] slab) {
    synchronized (free) {
      free.addFirst(slab);
    }
  }
}
