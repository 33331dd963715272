package dev.strata.internal.foreign;

import java.lang.foreign.MemorySegment;
import org.agrona.concurrent.UnsafeBuffer;

/** A slab in a JVM that opens {@code jdk.internal.misc}: its fields are written through Agrona. */
final class AgronaSlab extends Slab {
  private final UnsafeBuffer buffer;

  AgronaSlab(MemorySegment memory) {
    super(memory);
    this.buffer = new UnsafeBuffer(memory.address(), (int) memory.byteSize());
  }

  @Override
  public void put(int at, byte value) {
    buffer.putByte(at, value);
  }

  @Override
  public void put(int at, byte[] source, int offset, int length) {
    buffer.putBytes(at, source, offset, length);
  }

  @Override
  public void zero(int from, int length) {
    buffer.setMemory(from, length, (byte) 0);
  }
}
