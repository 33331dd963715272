package dev.strata.cli.command;

/**
 * Parses an integer like Go's flag package, which also accepts {@code 0x10}, {@code 0o20}, {@code
 * 020}, {@code 0b1} and underscores between digits.
 */
public final class GoInteger {
  private GoInteger() {}

  public static Long read(String text) {
    boolean negative = text.startsWith("-");
    String digits = negative || text.startsWith("+") ? text.substring(1) : text;
    String lower = digits.toLowerCase(java.util.Locale.ROOT);
    int radix = 10;
    if (lower.startsWith("0x")) {
      radix = 16;
    } else if (lower.startsWith("0b")) {
      radix = 2;
    } else if (lower.startsWith("0o") || lower.startsWith("0") && lower.length() > 1) {
      radix = 8;
    }
    String number = lower;
    if (radix != 10) {
      number = lower.substring(Character.isLetter(lower.charAt(1)) ? 2 : 1);
    }
    // An underscore may separate two digits, or the prefix and the first digit.
    String grouped = radix == 10 ? "[0-9]+(_[0-9]+)*" : "_?[0-9a-f]+(_[0-9a-f]+)*";
    if (number.matches(grouped)) {
      number = number.replace("_", "");
    }
    try {
      if (number.isEmpty() || number.charAt(0) == '+' || number.charAt(0) == '-') {
        throw new NumberFormatException(text);
      }
      return Long.parseLong((negative ? "-" : "") + number, radix);
    } catch (NumberFormatException e) {
      throw new UsageException("must be an integer, got '" + text + "'");
    }
  }
}
