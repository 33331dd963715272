package dev.strata.internal.deflate;

import java.util.Arrays;

/**
 * Takes the first match it finds. For each hash of five bytes it remembers only the last position.
 * Data without matches is probed at ever larger steps. Not thread-safe.
 */
final class FastMatchFinder implements MatchFinder {
  private static final int HASH_BITS = 15;
  private static final long MULTIPLIER = 0x9E3779B185EBCA87L;
  private static final int HASHED_SHIFT = Long.SIZE - 5 * Byte.SIZE;
  private static final int HASH_SHIFT = Long.SIZE - HASH_BITS;
  private static final int COMPARED = 4;
  private static final int STEP_SHIFT = 6;

  private final int[] places = new int[1 << HASH_BITS];
  private byte[] in = new byte[0];
  private int end;

  private static int hash(long word) {
    return (int) ((word << HASHED_SHIFT) * MULTIPLIER >>> HASH_SHIFT);
  }

  @Override
  public void begin(byte[] input, int start, int inputEnd) {
    in = input;
    end = inputEnd;
    Arrays.fill(places, Integer.MIN_VALUE);
    int stop = Math.min(start, inputEnd - Long.BYTES);
    for (int at = Math.max(0, start - WINDOW); at < stop; at++) {
      places[hash((long) LittleEndian.LONG.get(input, at))] = at;
    }
  }

  @Override
  public int fill(Tokens tokens, int start, int stop) {
    byte[] bytes = in;
    int[] known = places;
    // Whole words are read; the bytes after the end belong to other inputs.
    int limit = Math.min(stop, end - Long.BYTES);
    int at = start;
    int run = start;
    while (at < limit) {
      long word = (long) LittleEndian.LONG.get(bytes, at);
      int h = hash(word);
      int earlier = known[h];
      known[h] = at;
      if (earlier <= at - WINDOW || (int) LittleEndian.INT.get(bytes, earlier) != (int) word) {
        at += 1 + (at - run >> STEP_SHIFT);
        continue;
      }
      int max = Math.min(MAX_LENGTH, end - at) - COMPARED;
      int next = at + COMPARED + LittleEndian.extent(bytes, earlier + COMPARED, at + COMPARED, max);
      while (at > run
          && earlier > 0
          && next - at < MAX_LENGTH
          && bytes[at - 1] == bytes[earlier - 1]) {
        at--;
        earlier--;
      }
      tokens.add(at - run, next - at, at - earlier);
      at = next;
      run = next;
      if (at < limit) {
        long last = (long) LittleEndian.LONG.get(bytes, at - 3);
        known[hash(last)] = at - 3;
        known[hash(last >>> 8)] = at - 2;
        known[hash(last >>> 16)] = at - 1;
      }
    }
    if (run >= stop) {
      return run;
    }
    tokens.add(stop - run, 0, 1);
    return stop;
  }
}
