package dev.strata.io;

import java.util.Arrays;

/**
 * A growing store of byte strings, addressed by offset. It stores the names of a hundred thousand
 * files without an object for each. Not thread-safe while it is written; a finished arena may be
 * read by any thread.
 *
 * @since 0.1.0
 */
public final class ByteArena {
  private byte[] bytes;
  private int size;

  /**
   * Creates an empty arena.
   *
   * @param capacity the initial capacity in bytes
   */
  public ByteArena(int capacity) {
    bytes = new byte[Math.max(capacity, 64)];
  }

  /**
   * Appends a byte string.
   *
   * @param source an array that contains the bytes
   * @param offset where they start
   * @param length the number of bytes
   * @return the offset at which they are stored
   * @throws InvalidInputException if the arena would exceed 2 GiB
   */
  public int add(byte[] source, int offset, int length) {
    int at = reserve(length);
    System.arraycopy(source, offset, bytes, at, length);
    return at;
  }

  /**
   * Reserves space for bytes that the caller writes to {@link #array()} itself.
   *
   * @param length the number of bytes
   * @return the offset of the space
   * @throws InvalidInputException if the arena would exceed 2 GiB
   */
  public int reserve(int length) {
    int at = size;
    if (length > Integer.MAX_VALUE - 8 - at) {
      throw new InvalidInputException(
          "the file names of one layer exceed 2 GiB; distribute its paths over more layers");
    }
    if (at + length > bytes.length) {
      long grown = Math.max(at + length, bytes.length * 3L / 2);
      bytes = Arrays.copyOf(bytes, (int) Math.min(grown, Integer.MAX_VALUE - 8));
    }
    size = at + length;
    return at;
  }

  /**
   * Removes what was added last.
   *
   * @param newSize the new size in bytes
   */
  public void truncate(int newSize) {
    size = newSize;
  }

  /**
   * Returns the bytes. The array is replaced when the arena grows.
   *
   * @return the backing array
   */
  public byte[] array() {
    return bytes;
  }

  /**
   * Returns how much is stored.
   *
   * @return the size in bytes
   */
  public int size() {
    return size;
  }
}
