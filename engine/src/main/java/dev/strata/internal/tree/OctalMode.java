package dev.strata.internal.tree;

/**
 * Reads a mode as Go's {@code fmt.Sscanf(mode, "%o", …)} does: spaces, a sign, octal digits; what
 * follows is ignored. Stateless and thread-safe.
 */
final class OctalMode {
  private OctalMode() {}

  /**
   * Reads a mode.
   *
   * @param text the mode in octal
   * @return its value
   * @throws NumberFormatException if there is no digit, or more than 63 bits
   */
  static long parse(String text) {
    int i = 0;
    while (i < text.length() && isSpace(text.charAt(i))) {
      i++;
    }
    int start = i;
    if (i < text.length() && (text.charAt(i) == '+' || text.charAt(i) == '-')) {
      i++;
    }
    int digits = i;
    while (i < text.length() && text.charAt(i) >= '0' && text.charAt(i) <= '7') {
      i++;
    }
    if (i == digits) {
      throw new NumberFormatException("no octal digit");
    }
    return Long.parseLong(text, start, i, 8);
  }

  /** Go's idea of a space, but for the line feed, at which Sscanf stops. */
  private static boolean isSpace(char c) {
    return c == ' '
        || c == '\t'
        || c == 0x0B
        || c == '\f'
        || c == '\r'
        || c == 0x85
        || c == 0xA0
        || c == 0x1680
        || c >= 0x2000 && c <= 0x200A
        || c == 0x2028
        || c == 0x2029
        || c == 0x202F
        || c == 0x205F
        || c == 0x3000;
  }
}
