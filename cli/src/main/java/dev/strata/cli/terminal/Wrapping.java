package dev.strata.cli.terminal;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * Breaks text between words for terminals that are narrower than usual. Elsewhere, a line stays a
 * line: to be copied as a whole, or searched.
 */
public final class Wrapping {
  /** The start of lines that continue another one. */
  private static final String INDENT = "  ";

  private Wrapping() {}

  /** Prints a line, which a narrow terminal shows as several lines. */
  public static void println(PrintWriter out, String text) {
    int columns = TextOutput.columns(out);
    if (columns == 0 || columns >= Terminal.USUAL_COLUMNS || text.length() <= columns) {
      out.println(text);
    } else {
      lines(text, columns, INDENT).forEach(out::println);
    }
  }

  /**
   * Breaks a line between words. A longer word than the width stays whole.
   *
   * @param columns the width in characters
   * @param indent the start of each line but the first
   */
  public static List<String> lines(String text, int columns, String indent) {
    List<String> lines = new ArrayList<>();
    String start = "";
    int from = 0;
    while (text.length() - from > columns - start.length()) {
      int limit = from + Math.max(1, columns - start.length());
      int at = text.lastIndexOf(' ', limit);
      // Not at the blanks that a line starts with.
      if (at <= from || text.substring(from, at).isBlank()) {
        at = text.indexOf(' ', limit);
      }
      if (at < 0) {
        break;
      }
      lines.add(start + text.substring(from, at).stripTrailing());
      for (from = at; from < text.length() && text.charAt(from) == ' '; from++) {}
      start = indent;
    }
    if (from < text.length()) {
      lines.add(start + text.substring(from));
    }
    return lines;
  }
}
