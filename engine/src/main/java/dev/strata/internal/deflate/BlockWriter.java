package dev.strata.internal.deflate;

/**
 * Writes tokens as DEFLATE blocks (RFC 1951), each in the shortest of the three block types. Not
 * thread-safe.
 */
final class BlockWriter {
  private static final int STORED = 0;
  private static final int FIXED = 1;
  private static final int DYNAMIC = 2;
  private static final int MAX_STORED = 0xFFFF;
  private static final int COUNT_BITS = 5;
  private static final int COUNT = (1 << COUNT_BITS) - 1;

  /** Four codes of this length fit into 64 bits together with 7 pending ones. */
  private static final int MAX_LITERAL_BITS = 14;

  private final HuffmanCode literals =
      new HuffmanCode(Symbols.LITERALS_AND_LENGTHS, MAX_LITERAL_BITS);
  private final HuffmanCode distances = new HuffmanCode(Symbols.DISTANCES, 15);
  private final CodeHeader header = new CodeHeader();
  private final int[] fixedLiteralLengths = new int[Symbols.LITERALS_AND_LENGTHS];
  private final int[] fixedLiteralCodes = new int[Symbols.LITERALS_AND_LENGTHS];
  private final int[] fixedDistanceLengths = new int[Symbols.DISTANCES];
  private final int[] fixedDistanceCodes = new int[Symbols.DISTANCES];
  private final int[] literalEntries = new int[256];
  private final int[] lengthEntries = new int[259];
  private final int[] distanceEntries = new int[Symbols.DISTANCES];
  private final BitOutput out = new BitOutput();

  /** Builds the fixed codes (RFC 1951, 3.2.6). */
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

  /** Starts writing to an array that has room for {@link #bound} bytes. */
  void begin(byte[] output, int start) {
    out.begin(output, start);
  }

  /** Returns the largest possible size in bytes of the output for {@code length} input bytes. */
  static int bound(int length) {
    // A stored block adds 5 bytes; blocks start at most every 16 KiB, counted generously here.
    return length + 5 * (length / (8 << 10) + 2) + 4 * Long.BYTES;
  }

  /**
   * Writes a range of the input as one block, or as several stored ones.
   *
   * @param tokens the tokens of the range, possibly followed by others
   * @param count the number of tokens of the range
   * @param statistics the symbols that these tokens consist of; the end-of-block symbol is added
   */
  void write(Tokens tokens, int count, SymbolCounts statistics, byte[] in, int start, int end) {
    statistics.literals[Symbols.END_OF_BLOCK] = 1;
    literals.build(statistics.literals);
    distances.build(statistics.distances);
    long extraBits = extraBits(statistics);
    long dynamic =
        header.prepare(literals, distances)
            + extraBits
            + cost(statistics, literals.lengths, distances.lengths);
    long fixed = extraBits + cost(statistics, fixedLiteralLengths, fixedDistanceLengths);
    long stored = 8L * (end - start + 5L * ((end - start) / MAX_STORED + 1));
    if (stored <= dynamic && stored <= fixed) {
      store(in, start, end);
    } else if (fixed <= dynamic) {
      out.put(FIXED << 1, 3);
      makeEntries(fixedLiteralLengths, fixedLiteralCodes, fixedDistanceLengths, fixedDistanceCodes);
      writeTokens(tokens.all, count, in, start);
      out.put(fixedLiteralCodes[Symbols.END_OF_BLOCK], fixedLiteralLengths[Symbols.END_OF_BLOCK]);
    } else {
      out.put(DYNAMIC << 1, 3);
      header.write(out);
      makeEntries(literals.lengths, literals.codes, distances.lengths, distances.codes);
      writeTokens(tokens.all, count, in, start);
      out.put(literals.codes[Symbols.END_OF_BLOCK], literals.lengths[Symbols.END_OF_BLOCK]);
    }
  }

  /**
   * Completes the last byte with an empty stored block, so that another stream can follow.
   *
   * @return the index after the last byte written
   */
  int flush() {
    out.put(STORED << 1, 3);
    out.align();
    out.putAlignedShort(0);
    out.putAlignedShort(~0);
    return out.at;
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
      out.put(STORED << 1, 3);
      out.align();
      out.putAlignedShort(n);
      out.putAlignedShort(~n);
      out.putAligned(in, from, n);
      from += n;
    } while (from < end);
  }

  /** Packs the bits written for each symbol and, below them, their count into one number. */
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
    byte[] target = out.bytes;
    int to = out.at;
    long pending = out.pending;
    int pendingCount = out.pendingCount;
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
      // At most: 19 bits for a length, 28 for a distance, 42 for three literals.
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
    out.at = to;
    out.pending = pending;
    out.pendingCount = pendingCount;
    out.drain();
  }
}
