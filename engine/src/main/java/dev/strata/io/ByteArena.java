package dev.strata.io;

import java.util.Arrays;

/**
 * A growing store of byte strings, addressed by offset. It keeps names of a hundred thousand files
 * without an object each. Not thread-safe while it is written; a finished arena may be read by any
 * thread.
 */
public final class ByteArena {
  private byte[] bytes;
  private int size;

  /**
   * Creates an empty arena.
   *
   * @param capacity how many bytes to make room for at first
   */
  public ByteArena(int capacity) {
    bytes = new byte[Math.max(capacity, 64)];
  }

  /**
   * Appends a byte string.
   *
   * @param source holds the bytes
   * @param offset where they start
   * @param length how many they are
   * @return the offset at which they are kept
   * @throws StrataException if the arena would pass 2 GiB
   */
  public int add(byte[] source, int offset, int length) {
    int at = reserve(length);
    System.arraycopy(source, offset, bytes, at, length);
    return at;
  }

  /**
   * Makes room for bytes that the caller writes to {@link #array()} itself.
   *
   * @param length how many bytes
   * @return the offset of the room
   * @throws StrataException if the arena would pass 2 GiB
   */
  public int reserve(int length) {
    int at = size;
    if (length > Integer.MAX_VALUE - 8 - at) {
      throw new StrataException(
          "the file names of one layer need more than 2 GiB: split it with --max-layers");
    }
    if (at + length > bytes.length) {
      long grown = Math.max(at + length, bytes.length * 3L / 2);
      bytes = Arrays.copyOf(bytes, (int) Math.min(grown, Integer.MAX_VALUE - 8));
    }
    size = at + length;
    return at;
  }

  /**
   * Drops what was added last.
   *
   * @param newSize the size to go back to, in bytes
   */
  public void truncate(int newSize) {
    size = newSize;
  }

  /**
   * The bytes; the array is replaced when the arena grows.
   *
   * @return the backing array
   */
  public byte[] array() {
    return bytes;
  }

  /**
   * How much is kept.
   *
   * @return the size in bytes
   */
  public int size() {
    return size;
  }
}
