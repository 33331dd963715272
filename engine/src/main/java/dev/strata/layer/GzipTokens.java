package dev.strata.layer;

import java.util.Arrays;

/**
 * What the search for repetitions found in a stretch of input: runs of literals, each followed by a
 * repetition, and how often each symbol of DEFLATE occurs in them. Not thread-safe.
 */
final class GzipTokens {
  static final int LITERALS_AND_LENGTHS = 286;
  static final int DISTANCES = 30;
  static final int END_OF_BLOCK = 256;

  private static final int CAPACITY = 24 << 10;
  private static final int MIN_BYTES = 8 << 10;
  private static final int MAX_BYTES = 192 << 10;
  private static final int CHECKED = 512;
  private static final int LITERAL_KINDS = 8;
  private static final int LONG = 9;
  private static final long DIFFERENT_NUMERATOR = 2;
  private static final long DIFFERENT_DENOMINATOR = 5;
  private static final int LENGTH_SHIFT = 16;

  /** The symbol and the number of extra bits of each length (RFC 1951, 3.2.5). */
  private static final short[] LENGTH_SYMBOLS = new short[259];

  static final int[] LENGTH_BASES = new int[LITERALS_AND_LENGTHS];
  static final int[] LENGTH_EXTRA_BITS = new int[LITERALS_AND_LENGTHS];
  static final int[] DISTANCE_BASES = new int[DISTANCES];
  static final int[] DISTANCE_EXTRA_BITS = new int[DISTANCES];

  /** Symbols of distances up to 256, then of longer ones in steps of 128. */
  private static final byte[] DISTANCE_SYMBOLS = new byte[512];

  static {
    int length = 3;
    for (int symbol = 257; symbol < 285; symbol++) {
      int extra = symbol < 265 ? 0 : (symbol - 261) / 4;
      LENGTH_BASES[symbol] = length;
      LENGTH_EXTRA_BITS[symbol] = extra;
      Arrays.fill(LENGTH_SYMBOLS, length, Math.min(259, length + (1 << extra)), (short) symbol);
      length += 1 << extra;
    }
    LENGTH_BASES[285] = 258;
    LENGTH_SYMBOLS[258] = 285;
    int distance = 1;
    for (int symbol = 0; symbol < DISTANCES; symbol++) {
      int extra = symbol < 4 ? 0 : symbol / 2 - 1;
      DISTANCE_BASES[symbol] = distance;
      DISTANCE_EXTRA_BITS[symbol] = extra;
      int end = distance + (1 << extra);
      if (distance <= 256) {
        Arrays.fill(DISTANCE_SYMBOLS, distance - 1, end - 1, (byte) symbol);
      } else {
        Arrays.fill(
            DISTANCE_SYMBOLS, 256 + (distance - 1 >> 7), 256 + (end - 1 >> 7), (byte) symbol);
      }
      distance = end;
    }
  }

  final int[] literalFrequencies = new int[LITERALS_AND_LENGTHS];
  final int[] distanceFrequencies = new int[DISTANCES];

  /** How many literals come before each repetition. */
  final int[] runs = new int[CAPACITY + 1];

  /** Each repetition: its length above, its distance below; 0 after the last run. */
  final int[] repetitions = new int[CAPACITY + 1];

  private final int[] seen = new int[LITERAL_KINDS + 2];
  private final int[] recent = new int[LITERAL_KINDS + 2];
  private int seenCount;
  private int recentCount;

  int count;

  static int lengthSymbol(int length) {
    return LENGTH_SYMBOLS[length];
  }

  static int distanceSymbol(int distance) {
    return distance <= 256
        ? DISTANCE_SYMBOLS[distance - 1]
        : DISTANCE_SYMBOLS[256 + (distance - 1 >> 7)];
  }

  static int length(int repetition) {
    return repetition >>> LENGTH_SHIFT;
  }

  static int distance(int repetition) {
    return (repetition & 0xFFFF) + 1;
  }

  void clear() {
    Arrays.fill(literalFrequencies, 0);
    Arrays.fill(distanceFrequencies, 0);
    Arrays.fill(seen, 0);
    Arrays.fill(recent, 0);
    seenCount = 0;
    recentCount = 0;
    count = 0;
  }

  /** Notes the kind of a literal: its highest two bits and its lowest one. */
  void observeLiteral(byte literal) {
    recent[literal >> 5 & 6 | literal & 1]++;
    recentCount++;
  }

  /** Adds a repetition and the literals before it, which are counted already. */
  void add(int run, int length, int distance) {
    literalFrequencies[LENGTH_SYMBOLS[length]]++;
    distanceFrequencies[distanceSymbol(distance)]++;
    runs[count] = run;
    repetitions[count++] = length << LENGTH_SHIFT | distance - 1;
    recent[length < LONG ? LITERAL_KINDS : LITERAL_KINDS + 1]++;
    recentCount++;
  }

  /**
   * Whether a code for what follows should not be shared with what is here, or there is no room.
   */
  boolean isComplete(int bytes) {
    if (count == CAPACITY || bytes >= MAX_BYTES) {
      return true;
    }
    if (recentCount < CHECKED) {
      return false;
    }
    boolean other = bytes >= MIN_BYTES && isOther();
    for (int i = 0; i < seen.length; i++) {
      seen[i] += recent[i];
      recent[i] = 0;
    }
    seenCount += recentCount;
    recentCount = 0;
    return other;
  }

  private boolean isOther() {
    long difference = 0;
    for (int i = 0; i < seen.length; i++) {
      difference += Math.abs((long) recent[i] * seenCount - (long) seen[i] * recentCount);
    }
    return difference * DIFFERENT_DENOMINATOR
        > DIFFERENT_NUMERATOR * (long) seenCount * recentCount;
  }

  /** Ends the stretch with literals that no repetition follows. */
  void end(int run) {
    runs[count] = run;
    repetitions[count] = 0;
    literalFrequencies[END_OF_BLOCK]++;
  }
}
