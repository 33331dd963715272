package dev.strata.tree;

import dev.strata.io.Bytes;
import dev.strata.io.FileNames;

/**
 * What can be told of a regular expression without running it: that it starts with a literal,
 * perhaps at the start of the text, and whether it is nothing else. Immutable and thread-safe.
 *
 * <p>Most rules in practice are anchored literals, for which comparing bytes gives the answer; of
 * the others most files can be excluded by the literal they start with.
 */
final class LiteralRegex {
  private static final String META = "\\.+*?()|[]{}^$";

  private final boolean anchored;
  private final byte[] literal;
  private final boolean whole;
  private final boolean atEnd;
  private final boolean openEnd;

  private LiteralRegex(
      boolean anchored, String literal, boolean whole, boolean atEnd, boolean openEnd) {
    this.anchored = anchored;
    this.literal = FileNames.encode(literal);
    this.whole = whole;
    this.atEnd = atEnd;
    this.openEnd = openEnd;
  }

  static LiteralRegex of(String regex) {
    int i = 0;
    boolean anchored = regex.startsWith("^");
    if (anchored) {
      i = 1;
    }
    StringBuilder literal = new StringBuilder();
    int lastStart = 0;
    while (i < regex.length()) {
      char c = regex.charAt(i);
      int next = i + 1;
      if (c == '\\' && next < regex.length() && isEscapablePunctuation(regex.charAt(next))) {
        c = regex.charAt(next);
        next++;
      } else if (META.indexOf(c) >= 0) {
        break;
      }
      // U+FFFD also stands for any byte that is not UTF-8, and half a pair is no character.
      if (c == '\uFFFD' || Character.isSurrogate(c)) {
        break;
      }
      lastStart = literal.length();
      literal.append(c);
      i = next;
    }
    String rest = regex.substring(i);
    if (rest.isEmpty()) {
      return new LiteralRegex(anchored, literal.toString(), true, false, false);
    }
    if (rest.equals("$")) {
      return new LiteralRegex(anchored, literal.toString(), true, true, false);
    }
    // A search is content with the empty match of what may be absent.
    if (rest.equals(".*")) {
      return new LiteralRegex(anchored, literal.toString(), true, false, true);
    }
    if (rest.indexOf('|') >= 0) {
      return new LiteralRegex(false, "", false, false, false);
    }
    // A repetition applies to the last character, which may then be absent.
    if (!literal.isEmpty() && "*?{+".indexOf(rest.charAt(0)) >= 0) {
      literal.setLength(lastStart);
    }
    return new LiteralRegex(anchored, literal.toString(), false, false, false);
  }

  private static boolean isEscapablePunctuation(char c) {
    return c > ' ' && c < 0x7F && !Character.isLetterOrDigit(c);
  }

  /** Whether the expression is the literal and nothing else, so that {@link #find} decides. */
  boolean isWhole() {
    return whole;
  }

  /**
   * Whether each match is the literal at the start of the text, so that replacing it is replacing a
   * prefix.
   */
  boolean isPrefix() {
    return whole && anchored && !atEnd && !openEnd && literal.length > 0;
  }

  byte[] bytes() {
    return literal;
  }

  boolean find(byte[] text, int length) {
    if (anchored) {
      return GoRegex.startsWith(text, length, literal) && (!atEnd || length == literal.length);
    }
    if (atEnd) {
      int from = length - literal.length;
      return from >= 0 && Bytes.equal(text, from, literal, 0, literal.length);
    }
    return Bytes.indexOf(text, 0, length, literal) >= 0;
  }

  boolean mayMatch(byte[] text, int length) {
    return anchored
        ? GoRegex.startsWith(text, length, literal)
        : Bytes.indexOf(text, 0, length, literal) >= 0;
  }
}
