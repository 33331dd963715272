package dev.strata.internal.deflate;

/** The result of match finding: runs of literals, each followed by a match. Not thread-safe. */
final class Tokens {
  /** The largest number of tokens. */
  static final int CAPACITY = 48 << 10;

  private static final int RUN_SHIFT = 32;
  private static final int LENGTH_SHIFT = 16;

  /** The tokens, packed by {@link #token}. */
  final long[] all = new long[CAPACITY];

  /** The number of tokens. */
  int count;

  /**
   * Packs a token.
   *
   * @param run the number of literals
   * @param length the length of the match after them; 0 for no match
   * @param distance the distance of the match, at least 1
   */
  static long token(int run, int length, int distance) {
    return (long) run << RUN_SHIFT | (long) (length << LENGTH_SHIFT) | distance - 1;
  }

  static int run(long token) {
    return (int) (token >>> RUN_SHIFT);
  }

  static int length(long token) {
    return (int) token >>> LENGTH_SHIFT;
  }

  static int distance(long token) {
    return ((int) token & 0xFFFF) + 1;
  }

  void add(int run, int length, int distance) {
    all[count++] = token(run, length, distance);
  }

  /** Removes the first tokens. */
  void drop(int dropped) {
    count -= dropped;
    System.arraycopy(all, dropped, all, 0, count);
  }
}
