package dev.strata.internal.tar;

import dev.strata.internal.foreign.Slab;

/**
 * A header for entries of one type and mode that root owns, without name, size and checksum: most
 * headers of a layer differ in nothing else. Immutable and thread-safe.
 */
final class UstarTemplate {
  private static final int BLOCK = HeaderEncoder.BLOCK;
  private static final int NAME_AT = 0;
  private static final int SIZE_AT = 124;
  private static final int SIZE_DIGITS = 11;
  private static final int CHECKSUM_AT = 148;
  private static final int CHECKSUM_DIGITS = 6;
  private static final int PREFIX_AT = 345;

  private final byte[] block;
  private final int sum;

  /** Creates a template from the header of an entry with an empty name and size 0. */
  UstarTemplate(byte[] block) {
    this.block = block;
    int s = CHECKSUM_DIGITS * ' ' + 2 * ' ';
    for (int i = 0; i < BLOCK; i++) {
      boolean checksum = i >= CHECKSUM_AT && i < CHECKSUM_AT + CHECKSUM_DIGITS + 2;
      s += checksum ? 0 : block[i] & 0xFF;
    }
    this.sum = s;
  }

  /**
   * Writes a header.
   *
   * @param name the path, at the start of the array
   * @param length the length of the path
   * @param split the index of the slash between prefix and name, or 0 for a short name
   * @param size the size of the file in bytes
   * @param out receives the header
   * @param at the index of its first byte
   */
  void write(byte[] name, int length, int split, long size, Slab out, int at) {
    out.put(at, block, 0, BLOCK);
    int total = sum;
    int from = 0;
    if (split > 0) {
      total += copy(name, 0, split, out, at + PREFIX_AT);
      from = split + 1;
    }
    total += copy(name, from, length, out, at + NAME_AT);
    long rest = size;
    for (int i = at + SIZE_AT + SIZE_DIGITS - 1; rest != 0; i--) {
      int digit = (int) rest & 7;
      out.put(i, (byte) ('0' + digit));
      total += digit;
      rest >>>= 3;
    }
    for (int i = at + CHECKSUM_AT + CHECKSUM_DIGITS - 1; i >= at + CHECKSUM_AT; i--) {
      out.put(i, (byte) ('0' + (total & 7)));
      total >>>= 3;
    }
  }

  private static int copy(byte[] from, int start, int end, Slab out, int at) {
    out.put(at, from, start, end - start);
    int sum = 0;
    for (int i = start; i < end; i++) {
      sum += from[i];
    }
    return sum;
  }
}
