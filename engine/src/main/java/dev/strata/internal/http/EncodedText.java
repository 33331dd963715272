package dev.strata.internal.http;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Finds text, any character of which may be written as in a URL, a form or JSON: {@code %2F},
 * {@code %252F}, {@code +} for a blank, {@code \\u002f}. Stateless.
 */
final class EncodedText {
  // How a character's code begins: after up to three encodings, such as of a URL within a URL.
  private static final List<String> PERCENT = List.of("", "%", "%25", "%2525");

  private EncodedText() {}

  /** Replaces each occurrence. */
  static String replace(String text, String wanted, String replacement) {
    StringBuilder out = new StringBuilder();
    for (int at = 0; at < text.length(); ) {
      int end = -1;
      for (int i = 0; i < PERCENT.size() && end < 0; i++) {
        end = end(text, at, wanted, PERCENT.get(i));
      }
      if (end < 0) {
        out.append(text.charAt(at++));
      } else {
        out.append(replacement);
        at = end;
      }
    }
    return out.toString();
  }

  /**
   * Returns the end of an occurrence at a position; -1 if there is none.
   *
   * @param percent how encoded characters begin; empty if characters are rather taken as they are,
   *     which matters for percent signs and backslashes
   */
  private static int end(String text, int start, String wanted, String percent) {
    int at = start;
    for (int i = 0; at >= 0 && i < wanted.length(); ) {
      int c = wanted.codePointAt(i);
      i += Character.charCount(c);
      int plain = plain(text, at, c);
      int encoded = plain < 0 || !percent.isEmpty() ? encoded(text, at, c, percent) : -1;
      at = encoded < 0 ? plain : encoded;
    }
    return at;
  }

  private static int plain(String text, int at, int c) {
    boolean there =
        at < text.length() && (text.codePointAt(at) == c || c == ' ' && text.charAt(at) == '+');
    return there ? at + Character.charCount(c) : -1;
  }

  private static int encoded(String text, int at, int c, String percent) {
    if (at >= text.length()) {
      return -1;
    }
    if (text.charAt(at) == '\\') {
      return escaped(text, at, Character.toChars(c));
    }
    int end = at;
    for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
      boolean there = !percent.isEmpty() && text.startsWith(percent, end);
      end += percent.length();
      if (!there || hex(text, end, 2) != (b & 0xFF)) {
        return -1;
      }
      end += 2;
    }
    return end;
  }

  private static int escaped(String text, int start, char[] units) {
    if (units.length == 1 && text.startsWith(String.valueOf(units[0]), start + 1)) {
      return start + 2;
    }
    int at = start;
    for (char unit : units) {
      if (!text.startsWith("\\u", at) || hex(text, at + 2, 4) != unit) {
        return -1;
      }
      at += 6;
    }
    return at;
  }

  private static int hex(String text, int at, int digits) {
    if (at + digits > text.length()) {
      return -1;
    }
    int value = 0;
    for (int i = at; i < at + digits; i++) {
      int digit = Character.digit(text.charAt(i), 16);
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }
}
