package dev.strata.internal.foreign;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A slab in any JVM: its fields are written through {@code java.lang.foreign}. */
final class SegmentSlab extends Slab {
  private static final byte[] ZEROS = new byte[1024];

  private final MemorySegment memory;

  SegmentSlab(MemorySegment memory) {
    super(memory);
    this.memory = memory;
  }

  @Override
  public void put(int at, byte value) {
    memory.set(ValueLayout.JAVA_BYTE, at, value);
  }

  @Override
  public void put(int at, byte[] source, int offset, int length) {
    MemorySegment.copy(source, offset, memory, ValueLayout.JAVA_BYTE, at, length);
  }

  @Override
  public void zero(int from, int length) {
    // Not MemorySegment.fill, which needs a slice, an object, for a part.
    for (int done = 0; done < length; done += ZEROS.length) {
      put(from + done, ZEROS, 0, Math.min(ZEROS.length, length - done));
    }
  }
}
