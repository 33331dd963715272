package dev.strata.internal.deflate;

import java.util.Arrays;

/** The alphabets of DEFLATE (RFC 1951, 3.2.5). Stateless and thread-safe. */
final class Symbols {
  static final int LITERALS_AND_LENGTHS = 286;
  static final int DISTANCES = 30;
  static final int END_OF_BLOCK = 256;

  private static final int FIRST_LENGTH = 257;
  private static final int MAX_LENGTH = 258;

  /** The symbol for each match length. */
  static final short[] OF_LENGTH = new short[MAX_LENGTH + 1];

  /** The smallest match length of each symbol that stands for lengths. */
  static final int[] LENGTH_BASES = new int[LITERALS_AND_LENGTHS];

  /** The number of extra bits of each symbol that stands for lengths. */
  static final int[] LENGTH_EXTRA_BITS = new int[LITERALS_AND_LENGTHS];

  /** The smallest distance of each distance symbol. */
  static final int[] DISTANCE_BASES = new int[DISTANCES];

  /** The number of extra bits of each distance symbol. */
  static final int[] DISTANCE_EXTRA_BITS = new int[DISTANCES];

  /** The symbols for distances up to 256, followed by those for longer ones in steps of 128. */
  private static final byte[] OF_DISTANCE = new byte[512];

  static {
    int length = 3;
    for (int symbol = FIRST_LENGTH; symbol < LITERALS_AND_LENGTHS - 1; symbol++) {
      int extra = symbol < 265 ? 0 : (symbol - 261) / 4;
      LENGTH_BASES[symbol] = length;
      LENGTH_EXTRA_BITS[symbol] = extra;
      int end = Math.min(MAX_LENGTH + 1, length + (1 << extra));
      Arrays.fill(OF_LENGTH, length, end, (short) symbol);
      length += 1 << extra;
    }
    LENGTH_BASES[LITERALS_AND_LENGTHS - 1] = MAX_LENGTH;
    OF_LENGTH[MAX_LENGTH] = LITERALS_AND_LENGTHS - 1;
    int distance = 1;
    for (int symbol = 0; symbol < DISTANCES; symbol++) {
      int extra = symbol < 4 ? 0 : symbol / 2 - 1;
      DISTANCE_BASES[symbol] = distance;
      DISTANCE_EXTRA_BITS[symbol] = extra;
      int end = distance + (1 << extra);
      if (distance <= 256) {
        Arrays.fill(OF_DISTANCE, distance - 1, end - 1, (byte) symbol);
      } else {
        Arrays.fill(OF_DISTANCE, 256 + (distance - 1 >> 7), 256 + (end - 1 >> 7), (byte) symbol);
      }
      distance = end;
    }
  }

  private Symbols() {}

  /** Returns the symbol for a distance. */
  static int ofDistance(int distance) {
    int d = distance - 1;
    return OF_DISTANCE[d < 256 ? d : 256 + (d >> 7)];
  }
}
