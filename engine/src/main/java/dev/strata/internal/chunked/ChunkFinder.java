package dev.strata.internal.chunked;

/**
 * Finds where the chunks of a file end, as containers-storage does, so that equal parts of files
 * become equal chunks whoever made the layer: where the low 16 bits of a rolling checksum over the
 * last 64 bytes are all set (the checksum of bup, 64 KiB on average), and around runs of at least
 * 1024 zero bytes, each of which is a chunk of its own. Used for one file after another. Not
 * thread-safe.
 */
public final class ChunkFinder {
  /** How many zero bytes make a chunk of their own. */
  private static final int HOLE = 1 << 10;

  /** How many bytes at the end of those scanned may be undecided, until more are known. */
  public static final int MAX_UNDECIDED = HOLE - 1;

  /** How far to look for zeros at once. */
  private static final int STRETCH = 64 << 10;

  private static final int WINDOW = 64;
  private static final int OFFSET = 31;
  private static final int SPLIT = (1 << 16) - 1;

  private final byte[] window = new byte[WINDOW];
  private int oldest;
  private int s1;
  private int s2;
  private boolean inHole;
  private boolean atEnd;
  private boolean endedHole;

  /** Creates a finder for a first file. */
  public ChunkFinder() {
    begin();
  }

  /** Begins another file. */
  public void begin() {
    // The checksum of a window of zeros.
    java.util.Arrays.fill(window, (byte) 0);
    oldest = 0;
    s1 = WINDOW * OFFSET;
    s2 = WINDOW * (WINDOW - 1) * OFFSET;
    inHole = false;
  }

  /**
   * Scans bytes of the file, up to the end of a chunk.
   *
   * @param in has the bytes
   * @param from where the bytes begin that have not been scanned
   * @param to where they end
   * @param last whether the file ends there too
   * @return up to where the bytes are scanned: the end of a chunk, if {@link #isAtEnd}; else all of
   *     them, but for up to {@link #MAX_UNDECIDED} zero bytes at the end unless they are the last
   */
  public int scan(byte[] in, int from, int to, boolean last) {
    atEnd = false;
    endedHole = false;
    int at = from;
    if (inHole) {
      at = skipZeros(in, at, to);
      if (at < to || last) {
        inHole = false;
        atEnd = true;
        endedHole = true;
      }
      return at;
    }
    while (at < to) {
      int end = Math.min(to, at + STRETCH);
      int zeros = findZeros(in, at, end, to, last);
      at = roll(in, at, zeros);
      if (atEnd) {
        return at;
      }
      if (zeros < end) {
        if (skipZeros(in, at, Math.min(to, at + HOLE)) - at == HOLE) {
          begin();
          inHole = true;
          // What comes before ends here.
          atEnd = true;
        }
        return at;
      }
    }
    return at;
  }

  /**
   * Returns where zeros begin that are a chunk of their own, or may be if more follow; {@code end}
   * if none do before that. Looks at one byte in 1024, of which such zeros have at least one.
   */
  private static int findZeros(byte[] in, int from, int end, int to, boolean last) {
    int probe = from + HOLE - 1;
    while (probe - HOLE + 1 < end) {
      if (probe >= to) {
        int start = to;
        while (!last && start > from && in[start - 1] == 0) {
          start--;
        }
        return Math.min(start, end);
      }
      if (in[probe] != 0) {
        probe += HOLE;
        continue;
      }
      int start = probe;
      while (start > from && in[start - 1] == 0) {
        start--;
      }
      int stop = skipZeros(in, probe, Math.min(to, start + HOLE));
      if (stop - start == HOLE || stop == to && !last) {
        return Math.min(start, end);
      }
      probe = stop + HOLE;
    }
    return end;
  }

  /** Adds bytes to the checksum, up to the end of a chunk. */
  private int roll(byte[] in, int from, int to) {
    byte[] w = window;
    int o = oldest;
    int a = s1;
    int b = s2;
    int at = from;
    while (at < to) {
      int added = in[at++];
      int dropped = w[o] & 0xFF;
      w[o] = (byte) added;
      o = (o + 1) & (WINDOW - 1);
      a += (added & 0xFF) - dropped;
      b += a - WINDOW * (dropped + OFFSET);
      if ((b & SPLIT) == SPLIT) {
        atEnd = true;
        break;
      }
    }
    oldest = o;
    s1 = a;
    s2 = b;
    return at;
  }

  private static int skipZeros(byte[] in, int from, int to) {
    int at = from;
    while (at < to && in[at] == 0) {
      at++;
    }
    return at;
  }

  /** Returns whether a chunk ends where the last scan stopped; it may be empty. */
  public boolean isAtEnd() {
    return atEnd;
  }

  /** Returns whether that chunk consists of zeros. */
  public boolean isHole() {
    return endedHole;
  }
}
