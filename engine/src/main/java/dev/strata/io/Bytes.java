package dev.strata.io;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Operations on byte strings in arrays. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class Bytes {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Bytes() {}

  /**
   * Compares two byte strings as unsigned bytes, the order in which Go sorts strings.
   *
   * @param a the array of the first
   * @param aOffset where it starts
   * @param aLength its length
   * @param b the array of the second
   * @param bOffset where it starts
   * @param bLength its length
   * @return negative, zero or positive
   */
  public static int compare(
      byte[] a, int aOffset, int aLength, byte[] b, int bOffset, int bLength) {
    return Arrays.compareUnsigned(a, aOffset, aOffset + aLength, b, bOffset, bOffset + bLength);
  }

  /**
   * Returns whether two byte strings of the same length are equal.
   *
   * @param a the array of the first
   * @param aOffset where it starts
   * @param b the array of the second
   * @param bOffset where it starts
   * @param length the length of both
   * @return true if they are equal
   */
  public static boolean equal(byte[] a, int aOffset, byte[] b, int bOffset, int length) {
    return Arrays.equals(a, aOffset, aOffset + length, b, bOffset, bOffset + length);
  }

  /**
   * Hashes a byte string, eight bytes at a time.
   *
   * @param bytes the array of the string
   * @param offset where it starts
   * @param length its length
   * @param seed is mixed into the hash
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
   * Searches for a byte string in another.
   *
   * @param text the array to search
   * @param from the first position
   * @param end the end of the text, exclusive
   * @param wanted the string to search for
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
