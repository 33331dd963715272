package dev.strata.internal.deflate;

/**
 * A DEFLATE compressor (RFC 1951) in plain Java: the same input and level give the same bytes on
 * every machine and JDK. Not thread-safe; an instance may be reused for one input after another.
 */
public final class Deflater {
  /** How far before its start an input may be referred to, in bytes. */
  public static final int WINDOW = MatchFinder.WINDOW;

  /** Whether to begin a new block is decided after each chunk of this size, in bytes. */
  private static final int CHUNK = 16 << 10;

  private static final int MAX_BLOCK = 256 << 10;

  /** The largest number of tokens of a chunk: matches of three bytes, and literals at the end. */
  private static final int MAX_TOKENS = CHUNK / 3 + 2;

  private final MatchFinder finder;
  private final Tokens tokens = new Tokens();
  private final SymbolCounts block = new SymbolCounts();
  private final SymbolCounts chunk = new SymbolCounts();
  private final BlockWriter blocks = new BlockWriter();

  /**
   * Creates a deflater.
   *
   * @param level from 1 (fastest) to 9 (smallest)
   * @throws IllegalArgumentException if the level is out of range
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
          default ->
              throw new IllegalArgumentException("gzip level must be from 1 to 9, got " + level);
        };
  }

  /** Returns the largest possible size in bytes of the output for {@code length} input bytes. */
  public static int bound(int length) {
    return BlockWriter.bound(length);
  }

  /**
   * Compresses a range of an array into blocks that end on a byte boundary. None of them is marked
   * as the last block.
   *
   * @param in the input; up to {@link #WINDOW} bytes before the range may be referred to
   * @param start the start of the range
   * @param end the end of the range
   * @param out receives the blocks at its start; has room for {@link #bound} bytes
   * @return the size of the blocks in bytes
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

  /**
   * Whether the current block should end before the last chunk.
   *
   * @param bytes the size the block would have with that chunk
   */
  private boolean isOver(int bytes) {
    return bytes > MAX_BLOCK
        || tokens.count > Tokens.CAPACITY - MAX_TOKENS
        || Entropy.splits(block, chunk);
  }
}
