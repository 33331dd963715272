package dev.strata.io;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Small operations on byte strings inside arrays. Stateless and thread-safe. */
public final class Bytes {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Bytes() {}

  /**
   * Compares two byte strings as unsigned bytes, the order in which Go sorts strings.
   *
   * @param a holds the first
   * @param aOffset where it starts
   * @param aLength its length
   * @param b holds the second
   * @param bOffset where it starts
   * @param bLength its length
   * @return negative, zero or positive
   */
  public static int compare(
      byte[] a, int aOffset, int aLength, byte[] b, int bOffset, int bLength) {
    return Arrays.compareUnsigned(a, aOffset, aOffset + aLength, b, bOffset, bOffset + bLength);
  }

  /**
   * Tells whether two byte strings of one length are equal.
   *
   * @param a holds the first
   * @param aOffset where it starts
   * @param b holds the second
   * @param bOffset where it starts
   * @param length the length of both
   * @return true if they are
   */
  public static boolean equal(byte[] a, int aOffset, byte[] b, int bOffset, int length) {
    return Arrays.equals(a, aOffset, aOffset + length, b, bOffset, bOffset + length);
  }

  /**
   * Hashes a byte string, eight bytes at a time.
   *
   * @param bytes holds it
   * @param offset where it starts
   * @param length its length
   * @param seed mixed in
   * @return a well-mixed hash
   */
  public static int hash(byte[] bytes, int offset, int length, int seed) {
    long h = seed * 0x9E3779B97F4A7C15L + length;
    int i = offset;
    int end = offset + length;
    for (; i + 8 <= end; i += 8) {
      h = (h ^ (long) LONGS.get(bytes, i)) * 0xD6E8FEB86659FD93L;
      h ^= h >>> 32;
    }
    for (; i < end; i++) {
      h = (h ^ bytes[i]) * 0x100000001B3L;
    }
    h ^= h >>> 29;
    h *= 0xBF58476D1CE4E5B9L;
    return (int) (h ^ (h >>> 32));
  }

  /**
   * Finds a byte string in another.
   *
   * @param text where to look
   * @param from the first position looked at
   * @param end the end of the text, exclusive
   * @param wanted what to look for
   * @return the position of the first occurrence, or -1
   */
  public static int indexOf(byte[] text, int from, int end, byte[] wanted) {
    int last = end - wanted.length;
    for (int i = from; i <= last; i++) {
      if (wanted.length == 0 || text[i] == wanted[0] && equal(text, i, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }
}
