package dev.strata.internal.deflate;

/**
 * Writes tokens as blocks of DEFLATE (RFC 1951), each in the shortest of its three forms. Not
 * thread-safe.
 */
final class BlockWriter {
  private static final int STORED = 0;
  private static final int FIXED = 1;
  private static final int DYNAMIC = 2;
  private static final int MAX_STORED = 0xFFFF;
  private static final int FULL = 16;
  private static final int COUNT_BITS = 5;
  private static final int COUNT = (1 << COUNT_BITS) - 1;
  private static final int LENGTH_CODES = 19;

  /** Four such codes fit into 64 bits, with up to 7 that are left from before. */
  private static final int MAX_LITERAL_BITS = 14;

  private static final int[] LENGTH_CODE_ORDER = {
    16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15
  };

  private final HuffmanCode literals =
      new HuffmanCode(Symbols.LITERALS_AND_LENGTHS, MAX_LITERAL_BITS);
  private final HuffmanCode distances = new HuffmanCode(Symbols.DISTANCES, 15);
  private final HuffmanCode lengthCodes = new HuffmanCode(LENGTH_CODES, 7);

  /** The code lengths of both codes in runs: symbol, and extra bits above. */
  private final int[] runs = new int[Symbols.LITERALS_AND_LENGTHS + Symbols.DISTANCES];

  private final int[] allLengths = new int[runs.length];
  private final int[] runFrequencies = new int[LENGTH_CODES];
  private final int[] fixedLiteralLengths = new int[Symbols.LITERALS_AND_LENGTHS];
  private final int[] fixedLiteralCodes = new int[Symbols.LITERALS_AND_LENGTHS];
  private final int[] fixedDistanceLengths = new int[Symbols.DISTANCES];
  private final int[] fixedDistanceCodes = new int[Symbols.DISTANCES];
  private final int[] literalEntries = new int[256];
  private final int[] lengthEntries = new int[259];
  private final int[] distanceEntries = new int[Symbols.DISTANCES];

  private byte[] out = new byte[0];
  private int at;
  private long bits;
  private int bitCount;

  BlockWriter() {
    for (int s = 0; s < fixedLiteralLengths.length; s++) {
      int length = s < 144 ? 8 : s < 256 ? 9 : s < 280 ? 7 : 8;
      int code =
          s < 144 ? 0x30 + s : s < 256 ? 0x190 + s - 144 : s < 280 ? s - 256 : 0xC0 + s - 280;
      fixedLiteralLengths[s] = length;
      fixedLiteralCodes[s] = Integer.reverse(code) >>> 32 - length;
    }
    for (int s = 0; s < fixedDistanceLengths.length; s++) {
      fixedDistanceLengths[s] = 5;
      fixedDistanceCodes[s] = Integer.reverse(s) >>> 32 - 5;
    }
  }

  /** Starts on an output with room for {@link #bound} bytes. */
  void begin(byte[] output, int start) {
    out = output;
    at = start;
    bits = 0;
    bitCount = 0;
  }

  /** How much room an input needs at most, whatever its bytes are. */
  static int bound(int length) {
    // A stored block of 64 KiB has 5 bytes more, and each stretch may start one.
    return length + 5 * (length / (8 << 10) + 2) + 4 * Long.BYTES;
  }

  /**
   * Writes a stretch of input as one block, or as several stored ones.
   *
   * @param tokens its tokens, and perhaps more
   * @param count how many are its own
   * @param statistics what they consist of
   */
  void write(Tokens tokens, int count, SymbolCounts statistics, byte[] in, int start, int end) {
    statistics.literals[Symbols.END_OF_BLOCK] = 1;
    literals.build(statistics.literals);
    distances.build(statistics.distances);
    int literalCount = lastUsed(literals.lengths, 257);
    int distanceCount = lastUsed(distances.lengths, 1);
    int runCount = makeRuns(literalCount, distanceCount);
    lengthCodes.build(runFrequencies);
    int lengthCodeCount = LENGTH_CODES;
    while (lengthCodeCount > 4
        && lengthCodes.lengths[LENGTH_CODE_ORDER[lengthCodeCount - 1]] == 0) {
      lengthCodeCount--;
    }
    long headerBits = 14 + 3L * lengthCodeCount;
    for (int s = 0; s < LENGTH_CODES; s++) {
      int extra = s == 16 ? 2 : s == 17 ? 3 : s == 18 ? 7 : 0;
      headerBits += (long) runFrequencies[s] * (lengthCodes.lengths[s] + extra);
    }
    long extraBits = extraBits(statistics);
    long dynamic = headerBits + extraBits + cost(statistics, literals.lengths, distances.lengths);
    long fixed = extraBits + cost(statistics, fixedLiteralLengths, fixedDistanceLengths);
    long stored = 8L * (end - start + 5L * ((end - start) / MAX_STORED + 1));
    if (stored <= dynamic && stored <= fixed) {
      store(in, start, end);
    } else if (fixed <= dynamic) {
      put(FIXED << 1, 3);
      makeEntries(fixedLiteralLengths, fixedLiteralCodes, fixedDistanceLengths, fixedDistanceCodes);
      writeTokens(tokens.all, count, in, start);
      put(fixedLiteralCodes[Symbols.END_OF_BLOCK], fixedLiteralLengths[Symbols.END_OF_BLOCK]);
    } else {
      put(DYNAMIC << 1, 3);
      put(literalCount - 257 | distanceCount - 1 << 5 | lengthCodeCount - 4 << 10, 14);
      for (int i = 0; i < lengthCodeCount; i++) {
        put(lengthCodes.lengths[LENGTH_CODE_ORDER[i]], 3);
      }
      for (int i = 0; i < runCount; i++) {
        int symbol = runs[i] & 0xFF;
        put(lengthCodes.codes[symbol], lengthCodes.lengths[symbol]);
        put(runs[i] >>> 8, symbol == 16 ? 2 : symbol == 17 ? 3 : symbol == 18 ? 7 : 0);
      }
      makeEntries(literals.lengths, literals.codes, distances.lengths, distances.codes);
      writeTokens(tokens.all, count, in, start);
      put(literals.codes[Symbols.END_OF_BLOCK], literals.lengths[Symbols.END_OF_BLOCK]);
    }
  }

  /** Fills up the last byte by an empty stored block, so that another stream can follow. */
  int flush() {
    put(STORED << 1, 3);
    align();
    at += 4;
    out[at - 4] = 0;
    out[at - 3] = 0;
    out[at - 2] = (byte) 0xFF;
    out[at - 1] = (byte) 0xFF;
    return at;
  }

  private static int lastUsed(int[] lengths, int least) {
    int count = lengths.length;
    while (count > least && lengths[count - 1] == 0) {
      count--;
    }
    return count;
  }

  /** Puts the lengths of both codes into runs (RFC 1951, 3.2.7). */
  private int makeRuns(int literalCount, int distanceCount) {
    System.arraycopy(literals.lengths, 0, allLengths, 0, literalCount);
    System.arraycopy(distances.lengths, 0, allLengths, literalCount, distanceCount);
    java.util.Arrays.fill(runFrequencies, 0);
    int total = literalCount + distanceCount;
    int count = 0;
    int i = 0;
    while (i < total) {
      int length = allLengths[i];
      int same = 1;
      while (i + same < total && allLengths[i + same] == length) {
        same++;
      }
      i += same;
      if (length != 0) {
        count = addRun(count, length, 0);
        same--;
      }
      while (same >= 3) {
        int most = length != 0 ? 6 : same > 10 ? 138 : 10;
        int n = Math.min(same, most);
        int symbol = length != 0 ? 16 : n > 10 ? 18 : 17;
        count = addRun(count, symbol, n - (symbol == 18 ? 11 : 3));
        same -= n;
      }
      while (same-- > 0) {
        count = addRun(count, length, 0);
      }
    }
    return count;
  }

  private int addRun(int count, int symbol, int extra) {
    runs[count] = symbol | extra << 8;
    runFrequencies[symbol]++;
    return count + 1;
  }

  private static long extraBits(SymbolCounts statistics) {
    long sum = 0;
    for (int s = 257; s < Symbols.LITERALS_AND_LENGTHS; s++) {
      sum += (long) statistics.literals[s] * Symbols.LENGTH_EXTRA_BITS[s];
    }
    for (int s = 0; s < Symbols.DISTANCES; s++) {
      sum += (long) statistics.distances[s] * Symbols.DISTANCE_EXTRA_BITS[s];
    }
    return sum;
  }

  private static long cost(SymbolCounts statistics, int[] literalLengths, int[] distanceLengths) {
    long sum = 3;
    for (int s = 0; s < literalLengths.length; s++) {
      sum += (long) statistics.literals[s] * literalLengths[s];
    }
    for (int s = 0; s < distanceLengths.length; s++) {
      sum += (long) statistics.distances[s] * distanceLengths[s];
    }
    return sum;
  }

  private void store(byte[] in, int start, int end) {
    int from = start;
    do {
      int n = Math.min(MAX_STORED, end - from);
      put(STORED << 1, 3);
      align();
      out[at++] = (byte) n;
      out[at++] = (byte) (n >> 8);
      out[at++] = (byte) ~n;
      out[at++] = (byte) (~n >> 8);
      System.arraycopy(in, from, out, at, n);
      at += n;
      from += n;
    } while (from < end);
  }

  /** Puts what is written for each symbol into one number: bits above, their count below. */
  private void makeEntries(
      int[] literalLengths, int[] literalCodes, int[] distanceLengths, int[] distanceCodes) {
    for (int s = 0; s < 256; s++) {
      literalEntries[s] = literalCodes[s] << COUNT_BITS | literalLengths[s];
    }
    for (int length = 3; length <= 258; length++) {
      int symbol = Symbols.OF_LENGTH[length];
      int code =
          literalCodes[symbol] | length - Symbols.LENGTH_BASES[symbol] << literalLengths[symbol];
      lengthEntries[length] =
          code << COUNT_BITS | literalLengths[symbol] + Symbols.LENGTH_EXTRA_BITS[symbol];
    }
    for (int s = 0; s < Symbols.DISTANCES; s++) {
      distanceEntries[s] =
          distanceCodes[s] << 2 * COUNT_BITS
              | Symbols.DISTANCE_EXTRA_BITS[s] << COUNT_BITS
              | distanceLengths[s];
    }
  }

  private void writeTokens(long[] tokens, int count, byte[] in, int start) {
    int[] literal = literalEntries;
    int[] repeated = lengthEntries;
    int[] far = distanceEntries;
    byte[] target = out;
    int to = at;
    long pending = bits;
    int pendingCount = bitCount;
    int from = start;
    for (int i = 0; i < count; i++) {
      long token = tokens[i];
      int stop = from + Tokens.run(token);
      while (from + 3 < stop) {
        int a = literal[in[from] & 0xFF];
        int b = literal[in[from + 1] & 0xFF];
        int c = literal[in[from + 2] & 0xFF];
        int d = literal[in[from + 3] & 0xFF];
        from += 4;
        LittleEndian.LONG.set(target, to, pending);
        to += pendingCount >>> 3;
        pending >>>= pendingCount & ~7;
        pendingCount &= 7;
        pending |= (long) (a >>> COUNT_BITS) << pendingCount;
        pendingCount += a & COUNT;
        pending |= (long) (b >>> COUNT_BITS) << pendingCount;
        pendingCount += b & COUNT;
        pending |= (long) (c >>> COUNT_BITS) << pendingCount;
        pendingCount += c & COUNT;
        pending |= (long) (d >>> COUNT_BITS) << pendingCount;
        pendingCount += d & COUNT;
      }
      LittleEndian.LONG.set(target, to, pending);
      to += pendingCount >>> 3;
      pending >>>= pendingCount & ~7;
      pendingCount &= 7;
      while (from < stop) {
        int a = literal[in[from++] & 0xFF];
        pending |= (long) (a >>> COUNT_BITS) << pendingCount;
        pendingCount += a & COUNT;
      }
      int length = Tokens.length(token);
      if (length == 0) {
        continue;
      }
      from += length;
      int distance = Tokens.distance(token);
      int symbol = Symbols.ofDistance(distance);
      // A length has 19 bits at most, a distance 28, three literals 42.
      if (pendingCount > 16) {
        LittleEndian.LONG.set(target, to, pending);
        to += pendingCount >>> 3;
        pending >>>= pendingCount & ~7;
        pendingCount &= 7;
      }
      int a = repeated[length];
      pending |= (long) (a >>> COUNT_BITS) << pendingCount;
      pendingCount += a & COUNT;
      int b = far[symbol];
      pending |= (long) (b >>> 2 * COUNT_BITS) << pendingCount;
      pendingCount += b & COUNT;
      pending |= (long) (distance - Symbols.DISTANCE_BASES[symbol]) << pendingCount;
      pendingCount += b >>> COUNT_BITS & COUNT;
    }
    at = to;
    bits = pending;
    bitCount = pendingCount;
    drain();
  }

  private void put(int value, int count) {
    if (bitCount >= FULL) {
      drain();
    }
    bits |= (long) value << bitCount;
    bitCount += count;
  }

  private void drain() {
    LittleEndian.LONG.set(out, at, bits);
    at += bitCount >>> 3;
    bits >>>= bitCount & ~7;
    bitCount &= 7;
  }

  private void align() {
    drain();
    if (bitCount > 0) {
      out[at++] = (byte) bits;
    }
    bits = 0;
    bitCount = 0;
  }
}
