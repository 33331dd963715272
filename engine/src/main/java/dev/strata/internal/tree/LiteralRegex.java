package dev.strata.internal.tree;

import dev.strata.io.FileNames;

/**
 * The literal prefix of a regular expression: literal bytes and dots, anchored or not. Immutable
 * and thread-safe.
 *
 * <p>In practice, most rules are paths, often with unescaped dots, which can be matched by
 * comparing bytes. For other rules, the prefix excludes most files without running the expression.
 * All methods require {@linkplain #isSimple simple} texts.
 */
final class LiteralRegex {
  private static final String META = "\\.+*?()|[]{}^$";
  private static final String QUANTIFIERS = "*+?{";

  /** Represents a dot; simple texts have no negative bytes. */
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
   * Whether a text is ASCII, where each byte is a character, and a single line, where a dot matches
   * every character.
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
    // A leading '.*' matches any start of the line and can be ignored.
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

  /** Returns the end of a literal character, escaped or not, or of a dot; -1 for anything else. */
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

  /** Whether there may be an alternation outside of groups and classes. */
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

  /** Whether there may be flags: a quantifier after them applies to the element before them. */
  private static boolean hasFlags(String rest) {
    int at = rest.indexOf("(?");
    return at >= 0 && !rest.startsWith("(?:", at) && !rest.startsWith("(?P<", at);
  }

  /** Returns the end of a character class, or -1 for classes that are hard to parse. */
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

  /** Whether the whole expression is literal, so that {@link #find} may be used. */
  boolean isWhole() {
    return whole;
  }

  /** Returns the length of the match if it is always the literal at the start, else -1. */
  int prefixLength() {
    return whole && anchored && !atEnd && !openEnd && literal.length > 0 ? literal.length : -1;
  }

  /** Whether the expression matches; requires {@link #isWhole}. */
  boolean find(byte[] text, int length) {
    if (atEnd) {
      int from = length - literal.length;
      return (anchored ? from == 0 : from >= 0) && matchesAt(text, from);
    }
    return mayMatch(text, length);
  }

  /** Whether the literal occurs where a match has to start. */
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

  /** Compares from the end, because the paths below one store path differ there. */
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
