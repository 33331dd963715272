package dev.strata.internal.deflate;

import java.util.Arrays;

/**
 * A HuffmanCode code of limited length in the canonical form of DEFLATE (RFC 1951, 3.2.2), made
 * from how often each symbol occurs. It is always complete, and has two codes at least: some
 * readers take nothing else. Not thread-safe; one object makes one code after the other.
 */
final class HuffmanCode {
  private final int symbols;
  private final int maxBits;
  private final long[] order;
  private final int[] weight;
  private final int[] parent;
  private final int[] depth;
  private final int[] lengthCounts;

  /** The length of each symbol's code in bits; 0 for a symbol without a code. */
  final int[] lengths;

  /** Each symbol's code; its first bit is the lowest one. */
  final int[] codes;

  HuffmanCode(int symbols, int maxBits) {
    this.symbols = symbols;
    this.maxBits = maxBits;
    this.order = new long[symbols];
    this.weight = new int[2 * symbols];
    this.parent = new int[2 * symbols];
    this.depth = new int[2 * symbols];
    this.lengthCounts = new int[maxBits + 2];
    this.lengths = new int[symbols];
    this.codes = new int[symbols];
  }

  /** Builds the code for the given frequencies. */
  void build(int[] frequencies) {
    int used = 0;
    for (int s = 0; s < symbols; s++) {
      if (frequencies[s] > 0) {
        order[used++] = (long) frequencies[s] << 32 | s;
      }
    }
    for (int s = 0; used < 2; s++) {
      if (frequencies[s] == 0) {
        order[used++] = s;
      }
    }
    // Ties are broken by symbol, so that the order is unique.
    Arrays.sort(order, 0, used);
    countLengths(used);
    Arrays.fill(lengths, 0);
    int next = 0;
    for (int bits = maxBits; bits > 0; bits--) {
      for (int i = 0; i < lengthCounts[bits]; i++) {
        lengths[(int) order[next++]] = bits;
      }
    }
    assignCodes();
  }

  /**
   * Counts the codes of each length. Joins the two lightest nodes until one is left; leaves and
   * joined nodes form two queues.
   */
  private void countLengths(int used) {
    for (int i = 0; i < used; i++) {
      weight[i] = (int) (order[i] >>> 32);
    }
    int leaf = 0;
    int joined = used;
    int end = 2 * used - 1;
    for (int node = used; node < end; node++) {
      weight[node] = 0;
      for (int child = 0; child < 2; child++) {
        boolean takeLeaf = leaf < used && (joined == node || weight[leaf] <= weight[joined]);
        int taken = takeLeaf ? leaf++ : joined++;
        parent[taken] = node;
        weight[node] += weight[taken];
      }
    }
    // From the root down, each inner node replaces a leaf of its depth by two that are one deeper.
    // If that would exceed the limit, the deepest leaf that may still be split is used instead.
    Arrays.fill(lengthCounts, 0);
    lengthCounts[1] = 2;
    depth[end - 1] = 0;
    for (int node = end - 2; node >= used; node--) {
      depth[node] = depth[parent[node]] + 1;
      int at = Math.min(depth[node], maxBits - 1);
      while (lengthCounts[at] == 0) {
        at--;
      }
      lengthCounts[at]--;
      lengthCounts[at + 1] += 2;
    }
  }

  private void assignCodes() {
    int[] next = new int[maxBits + 1];
    int code = 0;
    for (int bits = 1; bits <= maxBits; bits++) {
      code = code + lengthCounts[bits - 1] << 1;
      next[bits] = code;
    }
    for (int s = 0; s < symbols; s++) {
      int bits = lengths[s];
      codes[s] = bits == 0 ? 0 : Integer.reverse(next[bits]++) >>> 32 - bits;
    }
  }
}
