package dev.strata.internal.deflate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Little-endian views of byte arrays. Stateless and thread-safe. */
final class LittleEndian {
  static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private LittleEndian() {}

  /** Returns the number of equal bytes from two positions on, at most {@code max}. */
  static int extent(byte[] bytes, int a, int b, int max) {
    int n = 0;
    while (n + Long.BYTES <= max) {
      long difference = (long) LONG.get(bytes, a + n) ^ (long) LONG.get(bytes, b + n);
      if (difference != 0) {
        return n + (Long.numberOfTrailingZeros(difference) >>> 3);
      }
      n += Long.BYTES;
    }
    while (n < max && bytes[a + n] == bytes[b + n]) {
      n++;
    }
    return n;
  }
}
