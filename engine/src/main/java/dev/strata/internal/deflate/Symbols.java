package dev.strata.internal.deflate;

import java.util.Arrays;

/** The alphabets of DEFLATE (RFC 1951, 3.2.5). */
final class Symbols {
  static final int LITERALS_AND_LENGTHS = 286;
  static final int DISTANCES = 30;
  static final int END_OF_BLOCK = 256;

  private static final int FIRST_LENGTH = 257;
  private static final int MAX_LENGTH = 258;

  /** The symbol of each length. */
  static final short[] OF_LENGTH = new short[MAX_LENGTH + 1];

  /** The shortest length, and the number of extra bits, of each symbol that is one. */
  static final int[] LENGTH_BASES = new int[LITERALS_AND_LENGTHS];

  static final int[] LENGTH_EXTRA_BITS = new int[LITERALS_AND_LENGTHS];

  /** The shortest distance, and the number of extra bits, of each symbol. */
  static final int[] DISTANCE_BASES = new int[DISTANCES];

  static final int[] DISTANCE_EXTRA_BITS = new int[DISTANCES];

  /** Symbols of distances up to 256, then of longer ones in steps of 128. */
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

  /** The symbol of a distance. */
  static int ofDistance(int distance) {
    int d = distance - 1;
    return OF_DISTANCE[d < 256 ? d : 256 + (d >> 7)];
  }
}
