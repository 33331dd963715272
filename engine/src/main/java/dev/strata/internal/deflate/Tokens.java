package dev.strata.internal.deflate;

/**
 * What the search for repetitions found in a stretch of input: runs of literals, each followed by a
 * repetition. Not thread-safe.
 */
final class Tokens {
  /** How many tokens fit. */
  static final int CAPACITY = 48 << 10;

  private static final int RUN_SHIFT = 32;
  private static final int LENGTH_SHIFT = 16;

  /** The tokens; made by {@link #token}. */
  final long[] all = new long[CAPACITY];

  /** How many there are. */
  int count;

  /**
   * A token.
   *
   * @param run how many literals come first
   * @param length the length of the repetition after them; 0 if there is none
   * @param distance its distance, at least 1
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

  /** Drops the first tokens. */
  void drop(int dropped) {
    count -= dropped;
    System.arraycopy(all, dropped, all, 0, count);
  }
}
