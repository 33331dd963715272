package dev.strata.internal.tree;

/**
 * Parses modes like Go's {@code fmt.Sscanf(mode, "%o", …)}: spaces, a sign, octal digits; anything
 * after them is ignored. Stateless and thread-safe.
 */
final class OctalMode {
  private OctalMode() {}

  /**
   * Parses a mode.
   *
   * @param text the mode in octal
   * @return its value
   * @throws NumberFormatException if there is no digit, or the value exceeds 63 bits
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

  /** Whether Go treats a character as space; Sscanf stops at a line feed. */
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
