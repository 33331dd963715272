package dev.strata.internal.foreign;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Slabs for reuse, last in, first out, so that a single worker gets the one that is still in the
 * CPU's cache. Their memory is freed when the pool has been closed and all of them have been given
 * back. Thread-safe.
 */
public final class SlabPool implements AutoCloseable {
  private static final int ROOM = 512;

  /** The first slab of a pool that has been closed. */
  private static final AtomicReference<@Nullable ByteBuffer> SPARE = new AtomicReference<>();

  private final int slabSize;
  private final boolean reusing;
  private @Nullable Arena arena;
  private @Nullable ByteBuffer first;
  private final ArrayDeque<Slab> free = new ArrayDeque<>();
  private int kept;
  private boolean closed;

  /** Creates a pool of slabs of {@code slabSize} bytes, with a little room to read too much. */
  public SlabPool(int slabSize) {
    this(slabSize, false);
  }

  /**
   * Creates a pool that may start with the first slab of an earlier one.
   *
   * @param reusing whether the first slab remains for the next pool: the JVM takes longer to
   *     prepare for arenas than to build a small layer. None of the slabs must be kept
   */
  public SlabPool(int slabSize, boolean reusing) {
    this.slabSize = slabSize;
    this.reusing = reusing;
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

  private synchronized Slab allocate() {
    Slab slab;
    if (reusing && first == null) {
      ByteBuffer spare = SPARE.getAndSet(null);
      first =
          spare != null && spare.capacity() == slabSize + ROOM
              ? spare
              : Slab.allocateCollected(slabSize + ROOM);
      slab = Slab.of(first);
    } else {
      slab = Slab.allocate(opened(), slabSize + ROOM);
    }
    slab.setPool(this);
    return slab;
  }

  private Arena opened() {
    if (arena == null) {
      arena = openShared();
    }
    return arena;
  }

  /** Closed by {@link #free()}, by whichever thread is the last to use a slab. */
  @SuppressWarnings("MustBeClosedChecker")
  private static Arena openShared() {
    return Arena.ofShared();
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

  private synchronized void free() {
    if (first != null) {
      SPARE.set(first);
      first = null;
    }
    boolean open = arena != null;
    while (open) {
      try {
        Objects.requireNonNull(arena).close();
        open = false;
      } catch (IllegalStateException _) {
        // A connection that was given up still writes from it: such a write does not block.
        Thread.onSpinWait();
      }
    }
    arena = null;
  }
}
