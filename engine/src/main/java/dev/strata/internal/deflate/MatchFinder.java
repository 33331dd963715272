package dev.strata.internal.deflate;

/**
 * Finds matches: repetitions of earlier input within the 32 KiB that DEFLATE allows. The result
 * depends only on the input and the level. Not thread-safe.
 */
interface MatchFinder {
  /** The largest distance of a match, in bytes. */
  int WINDOW = 32 << 10;

  /** The largest length of a match, in bytes. */
  int MAX_LENGTH = 258;

  /**
   * Starts a new input.
   *
   * @param input the input; bytes before {@code start} may be referred to
   * @param start the start of the range to compress
   * @param end the end of the range
   */
  void begin(byte[] input, int start, int end);

  /**
   * Turns input into tokens up to {@code stop}, or to the end of a match that begins before it.
   *
   * @param tokens the tokens are appended here
   * @param start the result of the previous call, or the start of the range
   * @return the index of the first byte that is not covered by tokens
   */
  int fill(Tokens tokens, int start, int stop);
}
