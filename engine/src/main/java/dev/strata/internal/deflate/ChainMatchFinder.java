package dev.strata.internal.deflate;

import java.util.Arrays;

/** Finds long matches by following chains of positions with equal hashes. Not thread-safe. */
final class ChainMatchFinder implements MatchFinder {
  private static final int MIN_LENGTH = 3;
  private static final int HASHED = 4;
  private static final int HASH_BITS = 16;
  private static final int SHORT_HASH_BITS = 14;
  private static final int MULTIPLIER = 0x9E3779B1;
  private static final int MASK = WINDOW - 1;

  /** A match of three bytes at a greater distance costs more bits than three literals. */
  private static final int TOO_FAR_FOR_SHORT = 4096;

  /** The cost of a literal, in the unit in which a gain is counted: a quarter of a byte. */
  private static final int LITERAL_COST = 2;

  private static final int SKIP_SHIFT = 9;
  private static final int MAX_SKIP = 16;

  private final int depth;
  private final int nice;
  private final boolean lazy;
  private final int inserted;
  private final int[] heads = new int[1 << HASH_BITS];
  private final int[] shortHeads = new int[1 << SHORT_HASH_BITS];
  private final int[] previous = new int[WINDOW];
  private byte[] in = new byte[0];
  private int limit;
  private int end;
  private int foundDistance;

  /**
   * Creates a finder.
   *
   * @param depth the number of earlier positions tried for each position
   * @param nice the match length at which the search for a longer one stops
   * @param lazy whether a match is dropped for a better one that starts at the next byte
   * @param inserted the number of positions at the end of a long match that are hashed
   */
  ChainMatchFinder(int depth, int nice, boolean lazy, int inserted) {
    this.depth = depth;
    this.nice = nice;
    this.lazy = lazy;
    this.inserted = inserted;
  }

  @Override
  public void begin(byte[] input, int start, int inputEnd) {
    in = input;
    end = inputEnd;
    // The last bytes are not hashed: the bytes after them belong to other inputs.
    limit = inputEnd - HASHED;
    Arrays.fill(heads, Integer.MIN_VALUE);
    Arrays.fill(shortHeads, Integer.MIN_VALUE);
    int stop = Math.min(start, limit + 1);
    for (int at = Math.max(0, start - WINDOW); at < stop; at++) {
      insert(at);
    }
  }

  @Override
  public int fill(Tokens tokens, int start, int stop) {
    int at = start;
    int run = 0;
    while (at < stop) {
      int length = at <= limit ? find(at, MIN_LENGTH - 1, depth) : 0;
      if (length == 0) {
        // Data that does not compress is probed at ever larger steps.
        int next = Math.min(stop, at + 1 + Math.min(run >> SKIP_SHIFT, MAX_SKIP));
        run += next - at;
        at = next;
        continue;
      }
      int distance = foundDistance;
      int next = at + 1;
      while (lazy && length < nice && at + 1 <= limit) {
        int better = find(at + 1, length - 1, depth >> 1);
        next = at + 2;
        int gain = 4 * (better - length) + log2(distance) - log2(foundDistance);
        if (better == 0 || gain <= LITERAL_COST) {
          break;
        }
        at++;
        run++;
        length = better;
        distance = foundDistance;
      }
      tokens.add(run, length, distance);
      run = 0;
      at += length;
      int last = Math.min(at, limit + 1);
      if (length > inserted) {
        next = Math.max(next, last - inserted);
      }
      while (next < last) {
        insert(next++);
      }
    }
    if (run > 0) {
      tokens.add(run, 0, 1);
    }
    return at;
  }

  private static int log2(int distance) {
    return 31 - Integer.numberOfLeadingZeros(distance);
  }

  private void insert(int at) {
    int word = (int) LittleEndian.INT.get(in, at);
    int h = word * MULTIPLIER >>> 32 - HASH_BITS;
    previous[at & MASK] = heads[h];
    heads[h] = at;
    shortHeads[(word << 8) * MULTIPLIER >>> 32 - SHORT_HASH_BITS] = at;
  }

  /**
   * Returns the length of the longest match at a position if it exceeds {@code best}, else 0, and
   * keeps its distance.
   */
  private int find(int at, int best, int tries) {
    byte[] bytes = in;
    int[] chain = previous;
    int word = (int) LittleEndian.INT.get(bytes, at);
    int h = word * MULTIPLIER >>> 32 - HASH_BITS;
    int candidate = heads[h];
    chain[at & MASK] = candidate;
    heads[h] = at;
    int found = -1;
    int s = (word << 8) * MULTIPLIER >>> 32 - SHORT_HASH_BITS;
    int near = shortHeads[s];
    shortHeads[s] = at;
    if (best < MIN_LENGTH
        && near > at - TOO_FAR_FOR_SHORT
        && (((int) LittleEndian.INT.get(bytes, near) ^ word) & 0xFFFFFF) == 0) {
      best = MIN_LENGTH;
      found = near;
    }
    int max = Math.min(MAX_LENGTH, end - at);
    int lowest = at - WINDOW;
    for (int left = tries; left > 0 && candidate > lowest && best < max; left--) {
      boolean longer =
          best < HASHED
              ? (int) LittleEndian.INT.get(bytes, candidate) == word
              : (int) LittleEndian.INT.get(bytes, candidate + best - 3)
                      == (int) LittleEndian.INT.get(bytes, at + best - 3)
                  && (int) LittleEndian.INT.get(bytes, candidate) == word;
      if (longer) {
        int length =
            HASHED + LittleEndian.extent(bytes, candidate + HASHED, at + HASHED, max - HASHED);
        if (length > best) {
          best = length;
          found = candidate;
          if (length >= nice) {
            break;
          }
        }
      }
      candidate = chain[candidate & MASK];
    }
    if (found < 0) {
      return 0;
    }
    foundDistance = at - found;
    return best;
  }
}
