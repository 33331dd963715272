package dev.strata.internal.deflate;

import java.util.Arrays;

/** The frequency of each DEFLATE symbol in a range of the input. Not thread-safe. */
final class SymbolCounts {
  final int[] literals = new int[Symbols.LITERALS_AND_LENGTHS];
  final int[] distances = new int[Symbols.DISTANCES];

  /**
   * Every other literal is counted here, so that increments for equal literals in a row do not
   * depend on each other.
   */
  private final int[] others = new int[256];

  void clear() {
    Arrays.fill(literals, 0);
    Arrays.fill(distances, 0);
  }

  void add(SymbolCounts more) {
    for (int s = 0; s < literals.length; s++) {
      literals[s] += more.literals[s];
    }
    for (int s = 0; s < distances.length; s++) {
      distances[s] += more.distances[s];
    }
  }

  /**
   * Counts the symbols of the tokens from {@code first} on.
   *
   * @param start the position in {@code in} of the first token's literals
   */
  void count(Tokens tokens, int first, byte[] in, int start) {
    clear();
    Arrays.fill(others, 0);
    countTokens(tokens.all, first, tokens.count, in, start);
    for (int s = 0; s < others.length; s++) {
      literals[s] += others[s];
    }
  }

  private void countTokens(long[] tokens, int first, int end, byte[] in, int start) {
    int[] even = literals;
    int[] odd = others;
    int[] far = distances;
    int at = start;
    for (int i = first; i < end; i++) {
      long token = tokens[i];
      int stop = at + Tokens.run(token);
      for (; at + 1 < stop; at += 2) {
        even[in[at] & 0xFF]++;
        odd[in[at + 1] & 0xFF]++;
      }
      if (at < stop) {
        even[in[at++] & 0xFF]++;
      }
      int length = Tokens.length(token);
      if (length > 0) {
        at += length;
        even[Symbols.OF_LENGTH[length]]++;
        far[Symbols.ofDistance(Tokens.distance(token))]++;
      }
    }
  }
}
