package dev.strata.internal.foreign;

import java.nio.ByteBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** A slab in a JVM that opens {@code jdk.internal.misc}: its fields are written through Agrona. */
final class AgronaSlab extends Slab {
  private final UnsafeBuffer buffer;

  AgronaSlab(ByteBuffer bytes, long address) {
    super(bytes);
    this.buffer = new UnsafeBuffer(address, bytes.capacity());
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
