package dev.strata.internal.foreign;

import java.nio.ByteBuffer;

/**
 * A slab in any JVM. Its fields are written through a direct buffer: in code that is not compiled
 * yet, that takes less time than through a segment.
 */
final class BufferSlab extends Slab {
  private static final byte[] ZEROS = new byte[1024];

  private final ByteBuffer bytes;

  BufferSlab(ByteBuffer bytes) {
    super(bytes);
    this.bytes = bytes;
  }

  @Override
  public void put(int at, byte value) {
    bytes.put(at, value);
  }

  @Override
  public void put(int at, byte[] source, int offset, int length) {
    bytes.put(at, source, offset, length);
  }

  @Override
  public void zero(int from, int length) {
    // Not MemorySegment.fill, which needs a slice, an object, for a part.
    for (int done = 0; done < length; done += ZEROS.length) {
      put(from + done, ZEROS, 0, Math.min(ZEROS.length, length - done));
    }
  }
}
