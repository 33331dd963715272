package dev.strata.internal.deflate;

/**
 * DEFLATE (RFC 1951) in plain Java: the same input and level give the same bytes on every machine
 * and JDK. Not thread-safe; an instance is used for one stretch of input after the other.
 */
public final class Deflater {
  /** What may be repeated from before a stretch, in bytes. */
  public static final int WINDOW = MatchFinder.WINDOW;

  /** After so many bytes it is asked whether a new block should begin. */
  private static final int CHUNK = 16 << 10;

  private static final int MAX_BLOCK = 256 << 10;

  /** A chunk has no more tokens: the shortest repetition, and literals at the end. */
  private static final int MAX_TOKENS = CHUNK / 3 + 2;

  private final MatchFinder finder;
  private final Tokens tokens = new Tokens();
  private final SymbolCounts block = new SymbolCounts();
  private final SymbolCounts chunk = new SymbolCounts();
  private final BlockWriter blocks = new BlockWriter();

  /**
   * Creates a deflater.
   *
   * @param level 1, fast, to 9, small
   */
  public Deflater(int level) {
    this.finder =
        switch (level) {
          case 1 -> new FastMatchFinder();
          case 2 -> new PairMatchFinder();
          case 3 -> new ChainMatchFinder(4, 32, false, 16);
          case 4 -> new ChainMatchFinder(6, 48, true, 32);
          case 5 -> new ChainMatchFinder(12, 64, true, 258);
          case 6 -> new ChainMatchFinder(28, 96, true, 258);
          case 7 -> new ChainMatchFinder(64, 130, true, 258);
          case 8 -> new ChainMatchFinder(160, 258, true, 258);
          case 9 -> new ChainMatchFinder(600, 258, true, 258);
          default -> throw new IllegalArgumentException("no gzip level is " + level);
        };
  }

  /** How much room the output of so many bytes needs at most. */
  public static int bound(int length) {
    return BlockWriter.bound(length);
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
  public int deflate(byte[] in, int start, int end, byte[] out) {
    blocks.begin(out, 0);
    finder.begin(in, start, end);
    tokens.count = 0;
    block.clear();
    int blockStart = start;
    int at = start;
    while (at < end) {
      int before = tokens.count;
      int next = finder.fill(tokens, at, Math.min(end, at + CHUNK));
      chunk.count(tokens, before, in, at);
      if (at > blockStart && isOver(next - blockStart)) {
        blocks.write(tokens, before, block, in, blockStart, at);
        tokens.drop(before);
        block.clear();
        blockStart = at;
      }
      block.add(chunk);
      at = next;
    }
    if (at > blockStart) {
      blocks.write(tokens, tokens.count, block, in, blockStart, at);
    }
    return blocks.flush();
  }

  /** Whether the last chunk should not share a block of so many bytes with those before it. */
  private boolean isOver(int bytes) {
    return bytes > MAX_BLOCK
        || tokens.count > Tokens.CAPACITY - MAX_TOKENS
        || Entropy.splits(block, chunk);
  }
}
