package dev.strata.layer;

/**
 * DEFLATE (RFC 1951) in plain Java: the same input and level give the same bytes on every machine
 * and JDK. Not thread-safe; an instance is used for one stretch of input after the other.
 */
final class GzipDeflater {
  /** What may be repeated from before a stretch, in bytes. */
  static final int WINDOW = GzipMatcher.WINDOW;

  private final GzipMatcher matcher;
  private final GzipTokens tokens = new GzipTokens();
  private final GzipBlocks blocks = new GzipBlocks();

  /**
   * Creates a deflater.
   *
   * @param level 1, fast, to 9, small
   */
  GzipDeflater(int level) {
    this.matcher =
        switch (level) {
          case 1 -> new GzipMatcher(1, 32, false, 4);
          case 2 -> new GzipMatcher(4, 32, false, 16);
          case 3 -> new GzipMatcher(4, 48, true, 32);
          case 4 -> new GzipMatcher(8, 48, true, 258);
          case 5 -> new GzipMatcher(16, 64, true, 258);
          case 6 -> new GzipMatcher(28, 96, true, 258);
          case 7 -> new GzipMatcher(64, 130, true, 258);
          case 8 -> new GzipMatcher(160, 258, true, 258);
          case 9 -> new GzipMatcher(600, 258, true, 258);
          default -> throw new IllegalArgumentException("no gzip level is " + level);
        };
  }

  /** How much room the output of so many bytes needs at most. */
  static int bound(int length) {
    return GzipBlocks.bound(length);
  }

  /**
   * Deflates a stretch of input to blocks that are not the last and end on a whole byte.
   *
   * @param in has the stretch; what is before it, up to {@link #WINDOW} bytes, may be repeated
   * @param start where the stretch starts
   * @param end where it ends
   * @param out gets the blocks, at its start; has room for {@link #bound} bytes
   * @return how many bytes they have
   */
  int deflate(byte[] in, int start, int end, byte[] out) {
    blocks.begin(out, 0);
    matcher.begin(in, start, end);
    while (!matcher.isDone()) {
      int from = matcher.position();
      tokens.clear();
      matcher.fill(tokens);
      blocks.write(tokens, in, from, matcher.position());
    }
    return blocks.flush();
  }
}
