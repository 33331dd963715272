package dev.strata.internal.regex;

import java.util.Arrays;

/** A set of characters as sorted ranges of code points. Immutable and thread-safe. */
final class CharSet {
  static final int LAST_CHAR = Character.MAX_CODE_POINT;
  static final CharSet NOTHING = new CharSet(new int[0]);
  static final CharSet ALL = range(0, LAST_CHAR);
  static final CharSet DIGIT = range('0', '9');
  static final CharSet WORD = of("09AZ__az");
  static final CharSet SPACE = of("\t\n\f\r  ");

  /** The first and the last character of each range; ranges neither overlap nor touch. */
  private final int[] ranges;

  private CharSet(int[] ranges) {
    this.ranges = ranges;
  }

  static CharSet range(int first, int last) {
    return new CharSet(new int[] {first, last});
  }

  /** Returns the set of sorted ranges, two characters each. */
  static CharSet of(String ranges) {
    return new CharSet(ranges.chars().toArray());
  }

  int rangeCount() {
    return ranges.length / 2;
  }

  int first(int range) {
    return ranges[2 * range];
  }

  int last(int range) {
    return ranges[2 * range + 1];
  }

  boolean contains(int c) {
    for (int i = 0; i < ranges.length; i += 2) {
      if (c <= ranges[i + 1]) {
        return c >= ranges[i];
      }
    }
    return false;
  }

  CharSet complement() {
    int[] out = new int[ranges.length + 2];
    int length = 0;
    int next = 0;
    for (int i = 0; i < ranges.length; i += 2) {
      if (ranges[i] > next) {
        out[length++] = next;
        out[length++] = ranges[i] - 1;
      }
      next = ranges[i + 1] + 1;
    }
    if (next <= LAST_CHAR) {
      out[length++] = next;
      out[length++] = LAST_CHAR;
    }
    return new CharSet(Arrays.copyOf(out, length));
  }

  CharSet union(CharSet other) {
    int[] out = new int[ranges.length + other.ranges.length];
    int length = 0;
    int a = 0;
    int b = 0;
    while (a < ranges.length || b < other.ranges.length) {
      boolean fromOther =
          a == ranges.length || b < other.ranges.length && other.ranges[b] < ranges[a];
      int first = fromOther ? other.ranges[b] : ranges[a];
      int last = fromOther ? other.ranges[b + 1] : ranges[a + 1];
      if (fromOther) {
        b += 2;
      } else {
        a += 2;
      }
      if (length > 0 && first <= out[length - 1] + 1) {
        out[length - 1] = Math.max(out[length - 1], last);
      } else {
        out[length++] = first;
        out[length++] = last;
      }
    }
    return new CharSet(Arrays.copyOf(out, length));
  }

  /**
   * Adds the other case of each letter, as Unicode's simple folding defines it.
   *
   * @throws UnsupportedRegexException if the set is not ASCII
   */
  CharSet foldCase() throws UnsupportedRegexException {
    CharSet out = this;
    for (int i = 0; i < ranges.length; i += 2) {
      if (ranges[i + 1] > 0x7F) {
        throw new UnsupportedRegexException("case folding beyond ASCII");
      }
      out = out.union(shifted(ranges[i], ranges[i + 1], 'A', 'Z', 'a' - 'A'));
      out = out.union(shifted(ranges[i], ranges[i + 1], 'a', 'z', 'A' - 'a'));
    }
    // The two letters outside ASCII that fold to ASCII: the Kelvin sign and the long s.
    out = out.contains('k') ? out.union(range(0x212A, 0x212A)) : out;
    return out.contains('s') ? out.union(range(0x017F, 0x017F)) : out;
  }

  /** Returns the characters of a range that are between two letters, shifted. */
  private static CharSet shifted(int first, int last, int from, int to, int by) {
    int start = Math.max(first, from);
    int end = Math.min(last, to);
    return start > end ? NOTHING : range(start + by, end + by);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof CharSet other && Arrays.equals(ranges, other.ranges);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(ranges);
  }
}
