package dev.strata.internal.tree;

import dev.strata.io.FileNames;

/**
 * What can be told of a regular expression without running it: that it starts with literal bytes
 * and dots, perhaps at the start of the text, and whether it is nothing else. Immutable,
 * thread-safe.
 *
 * <p>Most rules in practice are paths, often with dots that nobody escaped, for which comparing
 * bytes gives the answer; of the others most files can be excluded by what they start with. All
 * answers are for {@linkplain #isSimple simple} texts only.
 */
final class LiteralRegex {
  private static final String META = "\\.+*?()|[]{}^$";
  private static final String QUANTIFIERS = "*+?{";

  /** Stands for a dot; no byte of a simple text is negative. */
  private static final byte ANY = -1;

  private final boolean anchored;
  private final byte[] literal;
  private final boolean whole;
  private final boolean atEnd;
  private final boolean openEnd;

  private LiteralRegex(
      boolean anchored, byte[] literal, boolean whole, boolean atEnd, boolean openEnd) {
    this.anchored = anchored;
    this.literal = literal;
    this.whole = whole;
    this.atEnd = atEnd;
    this.openEnd = openEnd;
  }

  /**
   * Whether a text is of a kind this class can answer for: ASCII, in which a byte is a character,
   * and on one line, so that a dot matches every one.
   */
  static boolean isSimple(byte[] text, int length) {
    for (int i = 0; i < length; i++) {
      if (text[i] < 0 || text[i] == '\n') {
        return false;
      }
    }
    return true;
  }

  static LiteralRegex of(String regex) {
    boolean anchored = regex.startsWith("^");
    int i = anchored ? 1 : 0;
    // What may precede a match on the same line need not be looked at.
    if (regex.startsWith(".*", i) && !regex.startsWith("?", i + 2)) {
      anchored = false;
      i += 2;
    }
    ByteBuilder literal = new ByteBuilder(regex.length() + 4);
    while (i < regex.length()) {
      int next = elementEnd(regex, i);
      if (next < 0 || next < regex.length() && QUANTIFIERS.indexOf(regex.charAt(next)) >= 0) {
        break;
      }
      literal.add(element(regex.substring(i, next)));
      i = next;
    }
    byte[] bytes = literal.toArray();
    String rest = regex.substring(i);
    return switch (rest) {
      case "" -> new LiteralRegex(anchored, bytes, true, false, false);
      case "$" -> new LiteralRegex(anchored, bytes, true, true, false);
      case ".*", ".*$" -> new LiteralRegex(anchored, bytes, true, false, true);
      default ->
          hasAlternative(rest) || hasFlags(rest)
              ? new LiteralRegex(false, new byte[0], false, false, false)
              : new LiteralRegex(anchored, bytes, false, false, false);
    };
  }

  /** The end of a literal character, escaped or not, or of a dot; -1 if something else is there. */
  private static int elementEnd(String regex, int at) {
    char c = regex.charAt(at);
    if (c == '.') {
      return at + 1;
    }
    if (c == '\\') {
      boolean escaped = at + 1 < regex.length() && isPunctuation(regex.charAt(at + 1));
      return escaped ? at + 2 : -1;
    }
    boolean literal = META.indexOf(c) < 0 && c < 0x7F && c != '\n';
    return literal ? at + 1 : -1;
  }

  private static byte[] element(String text) {
    return text.equals(".") ? new byte[] {ANY} : new byte[] {(byte) text.charAt(text.length() - 1)};
  }

  private static boolean isPunctuation(char c) {
    return c > ' ' && c < 0x7F && !Character.isLetterOrDigit(c);
  }

  /** Whether a bar stands outside of groups and classes; if in doubt, yes. */
  private static boolean hasAlternative(String rest) {
    int depth = 0;
    for (int i = 0; i < rest.length(); i++) {
      switch (rest.charAt(i)) {
        case '\\' -> {
          if (rest.startsWith("\\Q", i)) {
            return true;
          }
          i++;
        }
        case '[' -> {
          i = classEnd(rest, i);
          if (i < 0) {
            return true;
          }
        }
        case '(' -> depth++;
        case ')' -> depth--;
        case '|' -> {
          if (depth <= 0) {
            return true;
          }
        }
        default -> {}
      }
    }
    return false;
  }

  /** Whether there may be flags: a repetition behind them applies to what is before them. */
  private static boolean hasFlags(String rest) {
    int at = rest.indexOf("(?");
    return at >= 0 && !rest.startsWith("(?:", at) && !rest.startsWith("(?P<", at);
  }

  /** Where a character class ends, or -1 for classes that are hard to read. */
  private static int classEnd(String rest, int start) {
    int i = start + 1;
    if (rest.startsWith("^", i)) {
      i++;
    }
    if (rest.startsWith("]", i)) {
      i++;
    }
    for (; i < rest.length(); i++) {
      char c = rest.charAt(i);
      if (c == '[') {
        return -1;
      }
      if (c == ']') {
        return i;
      }
      if (c == '\\') {
        i++;
      }
    }
    return -1;
  }

  /** Whether the expression is the literal and nothing else, so that {@link #find} decides. */
  boolean isWhole() {
    return whole;
  }

  /** The length of the match if each match is of the literal's length at the start, else -1. */
  int prefixLength() {
    return whole && anchored && !atEnd && !openEnd && literal.length > 0 ? literal.length : -1;
  }

  /** Whether the expression, if {@link #isWhole}, matches in a simple text. */
  boolean find(byte[] text, int length) {
    if (atEnd) {
      int from = length - literal.length;
      return (anchored ? from == 0 : from >= 0) && matchesAt(text, from);
    }
    return mayMatch(text, length);
  }

  /** Whether the literal is in a simple text where a match has to start. */
  boolean mayMatch(byte[] text, int length) {
    int last = length - literal.length;
    if (anchored) {
      return last >= 0 && matchesAt(text, 0);
    }
    for (int from = 0; from <= last; from++) {
      if (matchesAt(text, from)) {
        return true;
      }
    }
    return false;
  }

  /** Compares from the end, where paths of one store path differ. */
  private boolean matchesAt(byte[] text, int from) {
    for (int i = literal.length - 1; i >= 0; i--) {
      if (literal[i] != text[from + i] && literal[i] != ANY) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return (anchored ? "^" : "") + FileNames.quote(FileNames.decode(literal));
  }
}
