package dev.strata.internal.chunked;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * The CRC of 64 bits that tar-split keeps of each file (polynomial of ISO 3309), eight bytes at a
 * time. Stateless and thread-safe.
 */
public final class Crc64 {
  private static final long POLYNOMIAL = 0xD800000000000000L;
  private static final int WORD = 8;
  private static final int BYTES = 256;
  private static final long[] TABLES = tables();
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Crc64() {}

  private static long[] tables() {
    long[] tables = new long[WORD * BYTES];
    for (int i = 0; i < BYTES; i++) {
      long crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) != 0 ? crc >>> 1 ^ POLYNOMIAL : crc >>> 1;
      }
      tables[i] = crc;
    }
    for (int i = BYTES; i < tables.length; i++) {
      long before = tables[i - BYTES];
      tables[i] = tables[(int) (before & 0xFF)] ^ before >>> 8;
    }
    return tables;
  }

  /**
   * Returns the CRC of more bytes.
   *
   * @param crc the CRC of the bytes before them; 0 at the start
   * @param bytes has the bytes
   * @param from where they begin
   * @param to where they end
   */
  public static long update(long crc, byte[] bytes, int from, int to) {
    long[] t = TABLES;
    long c = ~crc;
    int at = from;
    for (; at <= to - WORD; at += WORD) {
      c ^= (long) LONGS.get(bytes, at);
      c =
          t[7 * BYTES + (int) (c & 0xFF)]
              ^ t[6 * BYTES + (int) (c >>> 8 & 0xFF)]
              ^ t[5 * BYTES + (int) (c >>> 16 & 0xFF)]
              ^ t[4 * BYTES + (int) (c >>> 24 & 0xFF)]
              ^ t[3 * BYTES + (int) (c >>> 32 & 0xFF)]
              ^ t[2 * BYTES + (int) (c >>> 40 & 0xFF)]
              ^ t[BYTES + (int) (c >>> 48 & 0xFF)]
              ^ t[(int) (c >>> 56)];
    }
    for (; at < to; at++) {
      c = t[(int) ((c ^ bytes[at]) & 0xFF)] ^ c >>> 8;
    }
    return ~c;
  }
}
