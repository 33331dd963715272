package dev.strata.internal.foreign;

import java.lang.foreign.Arena;
import java.util.ArrayDeque;

/**
 * Slabs for reuse, last in, first out, so that a single worker gets the one that is still in the
 * CPU's cache. Their memory is freed when the pool has been closed and all of them have been given
 * back. Thread-safe.
 */
public final class SlabPool implements AutoCloseable {
  private static final int ROOM = 512;

  private final int slabSize;
  private final Arena arena = Arena.ofShared();
  private final ArrayDeque<Slab> free = new ArrayDeque<>();
  private int kept;
  private boolean closed;

  /** Creates a pool of slabs of {@code slabSize} bytes, with a little room to read too much. */
  public SlabPool(int slabSize) {
    this.slabSize = slabSize;
  }

  /** Returns the size of the slabs that can be relied on, in bytes. */
  public int slabSize() {
    return slabSize;
  }

  /** Lends a slab with any content. */
  public Slab take() {
    synchronized (free) {
      Slab slab = free.pollFirst();
      if (slab != null) {
        return slab;
      }
    }
    return allocate();
  }

  private Slab allocate() {
    Slab slab = Slab.allocate(arena, slabSize + ROOM);
    slab.setPool(this);
    return slab;
  }

  /** Takes a slab back. */
  public void give(Slab slab) {
    synchronized (free) {
      free.addFirst(slab);
    }
  }

  void keep() {
    synchronized (free) {
      kept++;
    }
  }

  void release(Slab slab) {
    boolean last;
    synchronized (free) {
      kept--;
      free.addFirst(slab);
      last = closed && kept == 0;
    }
    if (last) {
      free();
    }
  }

  /**
   * Frees all slabs, as soon as the last one that is kept has been released. No other slab may be
   * in use.
   */
  @Override
  public void close() {
    boolean last;
    synchronized (free) {
      last = !closed && kept == 0;
      closed = true;
    }
    if (last) {
      free();
    }
  }

  private void free() {
    while (true) {
      try {
        arena.close();
        return;
      } catch (IllegalStateException _) {
        // A connection that was given up still writes from it: such a write does not block.
        Thread.onSpinWait();
      }
    }
  }
}
