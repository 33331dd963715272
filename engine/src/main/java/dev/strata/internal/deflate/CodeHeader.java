package dev.strata.internal.deflate;

import java.util.Arrays;

/**
 * The header of a block with its own codes: the code lengths of both alphabets, run-length encoded
 * and themselves Huffman coded (RFC 1951, 3.2.7). Not thread-safe; reused from block to block.
 */
final class CodeHeader {
  private static final int SYMBOLS = 19;
  private static final int REPEAT = 16;
  private static final int ZEROS = 17;
  private static final int MANY_ZEROS = 18;
  private static final int FIXED_BITS = 5 + 5 + 4;
  private static final int MIN_LITERALS = 257;
  private static final int MIN_DISTANCES = 1;
  private static final int MIN_WRITTEN = 4;

  /** The order in which the lengths of the code of code lengths are written. */
  private static final int[] ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };

  private final HuffmanCode code = new HuffmanCode(SYMBOLS, 7);
  private final int[] frequencies = new int[SYMBOLS];
  private final int[] lengths = new int[Symbols.LITERALS_AND_LENGTHS + Symbols.DISTANCES];

  /** The code lengths in runs: a symbol in the lowest byte, its extra bits above. */
  private final int[] runs = new int[lengths.length];

  private int literalCount;
  private int distanceCount;
  private int runCount;
  private int written;

  /** Encodes the lengths of two codes; returns the size of the header in bits. */
  long prepare(HuffmanCode literals, HuffmanCode distances) {
    literalCount = lastUsed(literals.lengths, MIN_LITERALS);
    distanceCount = lastUsed(distances.lengths, MIN_DISTANCES);
    System.arraycopy(literals.lengths, 0, lengths, 0, literalCount);
    System.arraycopy(distances.lengths, 0, lengths, literalCount, distanceCount);
    makeRuns(literalCount + distanceCount);
    code.build(frequencies);
    written = SYMBOLS;
    while (written > MIN_WRITTEN && code.lengths[ORDER[written - 1]] == 0) {
      written--;
    }
    long bits = FIXED_BITS + 3L * written;
    for (int s = 0; s < SYMBOLS; s++) {
      bits += (long) frequencies[s] * (code.lengths[s] + extraBits(s));
    }
    return bits;
  }

  private static int lastUsed(int[] lengths, int least) {
    int count = lengths.length;
    while (count > least && lengths[count - 1] == 0) {
      count--;
    }
    return count;
  }

  private static int extraBits(int symbol) {
    return symbol == REPEAT ? 2 : symbol == ZEROS ? 3 : symbol == MANY_ZEROS ? 7 : 0;
  }

  private void makeRuns(int total) {
    Arrays.fill(frequencies, 0);
    runCount = 0;
    int i = 0;
    while (i < total) {
      int length = lengths[i];
      int same = 1;
      while (i + same < total && lengths[i + same] == length) {
        same++;
      }
      i += same;
      if (length != 0) {
        addRun(length, 0);
        same--;
      }
      while (same >= 3) {
        int most = length != 0 ? 6 : same > 10 ? 138 : 10;
        int n = Math.min(same, most);
        int symbol = length != 0 ? REPEAT : n > 10 ? MANY_ZEROS : ZEROS;
        addRun(symbol, n - (symbol == MANY_ZEROS ? 11 : 3));
        same -= n;
      }
      while (same-- > 0) {
        addRun(length, 0);
      }
    }
  }

  private void addRun(int symbol, int extra) {
    runs[runCount++] = symbol | extra << 8;
    frequencies[symbol]++;
  }

  /** Writes the header that was prepared last. */
  void write(BitOutput out) {
    out.put(
        literalCount - MIN_LITERALS
            | distanceCount - MIN_DISTANCES << 5
            | written - MIN_WRITTEN << 10,
        FIXED_BITS);
    for (int i = 0; i < written; i++) {
      out.put(code.lengths[ORDER[i]], 3);
    }
    for (int i = 0; i < runCount; i++) {
      int symbol = runs[i] & 0xFF;
      out.put(code.codes[symbol], code.lengths[symbol]);
      out.put(runs[i] >>> 8, extraBits(symbol));
    }
  }
}
