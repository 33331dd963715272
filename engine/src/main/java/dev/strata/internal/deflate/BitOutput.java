package dev.strata.internal.deflate;

/**
 * Writes bits into an array, the lowest bit of a byte first (RFC 1951, 3.1.1). Not thread-safe.
 *
 * <p>The fields are open to {@link BlockWriter}, whose inner loop keeps them in local variables.
 */
final class BitOutput {
  private static final int FULL = 16;

  byte[] bytes = new byte[0];

  /** The index of the next byte to write. */
  int at;

  /** Bits that are not in {@link #bytes} yet. */
  long pending;

  /** The number of pending bits; below 64. */
  int pendingCount;

  /** Starts writing into an array. */
  void begin(byte[] output, int start) {
    bytes = output;
    at = start;
    pending = 0;
    pendingCount = 0;
  }

  /** Appends the lowest {@code count} bits of a value, at most 32; the other bits must be 0. */
  void put(int value, int count) {
    if (pendingCount >= FULL) {
      drain();
    }
    pending |= (long) value << pendingCount;
    pendingCount += count;
  }

  /** Writes all pending bits that make up whole bytes. May overwrite eight bytes after them. */
  void drain() {
    LittleEndian.LONG.set(bytes, at, pending);
    at += pendingCount >>> 3;
    pending >>>= pendingCount & ~7;
    pendingCount &= 7;
  }

  /** Fills the current byte with zeros. */
  void align() {
    drain();
    if (pendingCount > 0) {
      bytes[at++] = (byte) pending;
    }
    pending = 0;
    pendingCount = 0;
  }

  /** Appends two bytes, the lower one first; only after {@link #align}. */
  void putAlignedShort(int value) {
    bytes[at++] = (byte) value;
    bytes[at++] = (byte) (value >> 8);
  }

  /** Appends a range of an array; only after {@link #align}. */
  void putAligned(byte[] source, int from, int count) {
    System.arraycopy(source, from, bytes, at, count);
    at += count;
  }
}
