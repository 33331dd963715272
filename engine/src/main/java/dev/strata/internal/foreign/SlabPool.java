package dev.strata.internal.foreign;

import dev.strata.io.MissingDependencyException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/**
 * Slabs for reuse, last in, first out, so that a single worker gets the one that is still in the
 * CPU's cache. Their memory is freed when the pool has been closed and all of them have been given
 * back. Thread-safe.
 *
 * <p>The system property {@code strata.slabs} forces how their fields are written: {@code segment}
 * or {@code agrona}.
 */
public final class SlabPool implements AutoCloseable {
  private static final int ROOM = 512;
  private static final String PROPERTY = "strata.slabs";

  private final int slabSize;
  private final boolean agrona;
  private final Arena arena = Arena.ofShared();
  private final ArrayDeque<Slab> free = new ArrayDeque<>();
  private int kept;
  private boolean closed;

  /** Creates a pool of slabs of {@code slabSize} bytes, with a little room to read too much. */
  public SlabPool(int slabSize) {
    this.slabSize = slabSize;
    this.agrona = isAgrona();
  }

  private static boolean isAgrona() {
    return switch (System.getProperty(PROPERTY, "segment")) {
      case "agrona" -> {
        if (!isOpenToAgrona()) {
          throw new MissingDependencyException(
              "strata.slabs=agrona requires a JVM started with"
                  + " --add-exports=java.base/jdk.internal.misc=ALL-UNNAMED; remove the property");
        }
        yield true;
      }
      default -> false;
    };
  }

  private static boolean isOpenToAgrona() {
    return Object.class
        .getModule()
        .isExported("jdk.internal.misc", org.agrona.DirectBuffer.class.getModule());
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
    MemorySegment memory = arena.allocate(slabSize + ROOM, Slab.PAGE);
    Slab slab = agrona ? new AgronaSlab(memory) : new SegmentSlab(memory);
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
