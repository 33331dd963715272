package dev.strata.internal.deflate;

/**
 * Finds repetitions within the 32 KiB that DEFLATE allows. What it finds depends on the input and
 * the level alone. Not thread-safe.
 */
interface MatchFinder {
  /** How far back a repetition may reach, in bytes. */
  int WINDOW = 32 << 10;

  /** The longest repetition. */
  int MAX_LENGTH = 258;

  /**
   * Starts on an input.
   *
   * @param input has the stretch to come; what is before it may be repeated
   * @param start where the stretch starts
   * @param end where it ends
   */
  void begin(byte[] input, int start, int end);

  /**
   * Reads on until {@code stop}, or the end of a repetition that begins before.
   *
   * @param tokens gets what was found, at its end
   * @param start where the call before stopped
   * @return where this one stopped
   */
  int fill(Tokens tokens, int start, int stop);
}
