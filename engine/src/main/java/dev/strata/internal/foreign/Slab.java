package dev.strata.internal.foreign;

import dev.strata.io.MissingDependencyException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Page-aligned memory outside the heap, which files are read into, headers are encoded into, hashes
 * are computed from and channels are written from, without a copy. Not thread-safe: it has one
 * owner at a time.
 *
 * <p>The system property {@code strata.slabs} forces how fields are written: {@code buffer}, as is
 * usual, or {@code agrona}.
 */
public abstract sealed class Slab permits BufferSlab, AgronaSlab {
  private static final int PAGE = 4096;
  private static final String PROPERTY = "strata.slabs";

  private final ByteBuffer bytes;
  private long address;
  private @Nullable SlabPool pool;

  /** Creates a slab of a direct buffer. */
  Slab(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /**
   * Allocates a slab that lives as long as the arena.
   *
   * @throws MissingDependencyException if Agrona's buffers are forced and the JVM does not permit
   *     them
   */
  public static Slab allocate(Arena arena, int bytes) {
    return of(arena.allocate(bytes, PAGE).asByteBuffer());
  }

  /** Allocates a direct buffer that the collector frees, without loading what an arena needs. */
  static ByteBuffer allocateCollected(int bytes) {
    // The aligned slice ends at the end of a page, too.
    return ByteBuffer.allocateDirect(bytes + 2 * PAGE).alignedSlice(PAGE).slice(0, bytes);
  }

  static Slab of(ByteBuffer memory) {
    if (!System.getProperty(PROPERTY, "buffer").equals("agrona")) {
      return new BufferSlab(memory);
    }
    if (!isOpenToAgrona()) {
      throw new MissingDependencyException(
          "strata.slabs=agrona requires a JVM started with"
              + " --add-exports=java.base/jdk.internal.misc=ALL-UNNAMED; remove the property");
    }
    return new AgronaSlab(memory, MemorySegment.ofBuffer(memory).address());
  }

  private static boolean isOpenToAgrona() {
    return Object.class
        .getModule()
        .isExported("jdk.internal.misc", org.agrona.DirectBuffer.class.getModule());
  }

  /** Sets the pool that the slab belongs to. */
  final void setPool(SlabPool owner) {
    pool = owner;
  }

  /**
   * Returns the address of a part, for native functions while the slab is in use.
   *
   * @throws IndexOutOfBoundsException if the slab does not contain the part
   */
  public final long address(int from, int length) {
    Objects.checkFromIndexSize(from, length, bytes.capacity());
    if (address == 0) {
      address = MemorySegment.ofBuffer(bytes).address();
    }
    return address + from;
  }

  /** Keeps the slab of a pool, so that it is not reused until it is released. */
  public final void keep() {
    Objects.requireNonNull(pool).keep();
  }

  /** Gives a slab that was kept back to its pool. */
  public final void release() {
    Objects.requireNonNull(pool).release(this);
  }

  /** Returns the size in bytes. */
  public final int size() {
    return bytes.capacity();
  }

  /** Returns a view of a part, as a direct buffer. */
  public final ByteBuffer view(int from, int length) {
    return bytes.slice(from, length);
  }

  /** Copies a part to an array. */
  public final void get(int from, byte[] target, int offset, int length) {
    bytes.get(from, target, offset, length);
  }

  /** Writes one byte. */
  public abstract void put(int at, byte value);

  /** Writes bytes of an array. */
  public abstract void put(int at, byte[] source, int offset, int length);

  /** Writes zeros. */
  public abstract void zero(int from, int length);
}
