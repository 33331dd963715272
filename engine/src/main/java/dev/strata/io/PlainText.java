package dev.strata.io;

/**
 * Text that comes from elsewhere, such as a registry, in a form that cannot affect a terminal or
 * the lines around it. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class PlainText {
  private PlainText() {}

  /**
   * Returns whether a character is not shown, or changes how others are shown: a control character,
   * a format character such as U+202E, which reverses what follows, a line or paragraph separator,
   * or half of a surrogate pair.
   *
   * @param c a code point
   * @return true if it must not reach a terminal
   */
  public static boolean isHidden(int c) {
    if (c >= ' ' && c < 0x7F) {
      return false;
    }
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          true;
      default -> false;
    };
  }

  /**
   * Appends the escape of a character, as in JSON: <code>&#92;u202e</code>. Half of a surrogate
   * pair, which cannot be encoded, becomes that of U+FFFD.
   *
   * @param c a code point
   * @param out the text to append to
   */
  public static void escape(int c, StringBuilder out) {
    if (Character.isSupplementaryCodePoint(c)) {
      escapeUnit(Character.highSurrogate(c), out);
      escapeUnit(Character.lowSurrogate(c), out);
    } else {
      boolean half = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
      escapeUnit(half ? '\uFFFD' : (char) c, out);
    }
  }

  private static void escapeUnit(char unit, StringBuilder out) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.append(Character.forDigit(unit >> shift & 15, 16));
    }
  }

  /**
   * Returns a text on one line.
   *
   * @param text any text
   * @return the text with escapes for all hidden characters, line ends and tabs among them
   */
  public static String line(String text) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (isHidden(c)) {
        escape(c, out);
      } else {
        out.appendCodePoint(c);
      }
    }
    return out.toString();
  }
}
