package dev.strata.internal.deflate;

import java.util.Arrays;

/**
 * Takes the first match of at least eight bytes, else one of at least four, unless a longer one
 * starts at the next byte. For each hash of eight bytes and of four bytes it remembers the lowest
 * 16 bits of the last position. Data without matches is probed at ever larger steps. Not
 * thread-safe.
 */
final class PairMatchFinder implements MatchFinder {
  private static final int HASH_BITS = 14;
  private static final long MULTIPLIER = 0x9E3779B185EBCA87L;
  private static final int HASH_SHIFT = Long.SIZE - HASH_BITS;
  private static final int STEP_SHIFT = 6;

  /** The match length at which the next byte is not tried. */
  private static final int GOOD_LENGTH = 16;

  private final char[] longPlaces = new char[1 << HASH_BITS];
  private final char[] shortPlaces = new char[1 << HASH_BITS];
  private byte[] in = new byte[0];
  private int end;

  private static int longHash(long word) {
    return (int) (word * MULTIPLIER >>> HASH_SHIFT);
  }

  private static int shortHash(long word) {
    return (int) ((word << Integer.SIZE) * MULTIPLIER >>> HASH_SHIFT);
  }

  @Override
  public void begin(byte[] input, int start, int inputEnd) {
    in = input;
    end = inputEnd;
    Arrays.fill(longPlaces, '\0');
    Arrays.fill(shortPlaces, '\0');
    int stop = Math.min(start, inputEnd - Long.BYTES);
    for (int at = Math.max(0, start - WINDOW); at < stop; at++) {
      remember(longPlaces, shortPlaces, (long) LittleEndian.LONG.get(input, at), at);
    }
  }

  private static void remember(char[] longs, char[] shorts, long word, int at) {
    longs[longHash(word)] = (char) at;
    shorts[shortHash(word)] = (char) at;
  }

  private static void rememberTwo(char[] longs, char[] shorts, long word, int at) {
    remember(longs, shorts, word, at);
    shorts[shortHash(word >>> 8)] = (char) (at + 1);
  }

  /** Whether a distance, known modulo 64 KiB, lies within the window and the input. */
  private static boolean reaches(int distance, int at) {
    return (char) (distance - 1) < WINDOW - 1 && distance <= at;
  }

  @Override
  public int fill(Tokens tokens, int start, int stop) {
    byte[] bytes = in;
    char[] longs = longPlaces;
    char[] shorts = shortPlaces;
    // Whole words are read; the bytes after the end belong to other inputs.
    int limit = Math.min(stop, end - Long.BYTES);
    int at = start;
    int run = start;
    while (at < limit) {
      long word = (long) LittleEndian.LONG.get(bytes, at);
      int h = longHash(word);
      int s = shortHash(word);
      int distance = at - longs[h] & 0xFFFF;
      int shortDistance = at - shorts[s] & 0xFFFF;
      longs[h] = (char) at;
      shorts[s] = (char) at;
      int length;
      if (reaches(distance, at) && (long) LittleEndian.LONG.get(bytes, at - distance) == word) {
        length = extent(at, distance);
      } else if (reaches(shortDistance, at)
          && (int) LittleEndian.INT.get(bytes, at - shortDistance) == (int) word) {
        distance = shortDistance;
        long difference = (long) LittleEndian.LONG.get(bytes, at - distance) ^ word;
        length =
            difference != 0 ? Long.numberOfTrailingZeros(difference) >>> 3 : extent(at, distance);
        if (length < GOOD_LENGTH && at + 1 < limit) {
          long next = (long) LittleEndian.LONG.get(bytes, at + 1);
          int n = longHash(next);
          int nextDistance = at + 1 - longs[n] & 0xFFFF;
          longs[n] = (char) (at + 1);
          if (reaches(nextDistance, at + 1)
              && (long) LittleEndian.LONG.get(bytes, at + 1 - nextDistance) == next) {
            int longer = extent(at + 1, nextDistance);
            if (longer > length) {
              length = longer;
              distance = nextDistance;
              at++;
            }
          }
        }
      } else {
        at += 1 + (at - run >> STEP_SHIFT);
        continue;
      }
      tokens.add(at - run, length, distance);
      int inside = at + 2;
      at += length;
      run = at;
      if (at < limit) {
        remember(longs, shorts, (long) LittleEndian.LONG.get(bytes, inside), inside);
        rememberTwo(longs, shorts, (long) LittleEndian.LONG.get(bytes, at - 4), at - 4);
        rememberTwo(longs, shorts, (long) LittleEndian.LONG.get(bytes, at - 2), at - 2);
      }
    }
    if (run >= stop) {
      return run;
    }
    tokens.add(stop - run, 0, 1);
    return stop;
  }

  /** Returns the length of a match of at least eight bytes. */
  private int extent(int at, int distance) {
    int max = Math.min(MAX_LENGTH, end - at) - Long.BYTES;
    return Long.BYTES + LittleEndian.extent(in, at - distance + Long.BYTES, at + Long.BYTES, max);
  }
}
