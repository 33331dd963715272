package dev.strata.cli;

import dev.strata.cli.terminal.Wrapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Breaks a help text, which is written for a width of 80, for a narrower terminal. Descriptions of
 * options go below their names. Examples stay as they are, to be copied.
 */
final class NarrowHelp {
  private static final Set<String> SECTIONS = Set.of("Arguments:", "Options:", "More options:");
  private static final String BELOW = "      ";

  /** The names of an option, and the start of its description, which may be on the next line. */
  private static final Pattern OPTION = Pattern.compile("^ {2,8}(-\\S+(?: -\\S+)*) *(\\S.*)?$");

  /** A name, and the start of its description, which may be on the next line. */
  private static final Pattern ROW = Pattern.compile("^ {2,6}(\\S.*?)(?: {2,}(\\S.*))?$");

  /** The rest of a description. */
  private static final Pattern REST = Pattern.compile("^ {20,}(\\S.*)$");

  private final int columns;
  private final List<String> out = new ArrayList<>();
  private final StringBuilder paragraph = new StringBuilder();
  private String indent = "";

  private NarrowHelp(int columns) {
    this.columns = columns;
  }

  /**
   * Breaks a text.
   *
   * @param ofProgram whether every heading is that of a list, as in the help of the program
   */
  static String of(String text, int columns, boolean ofProgram) {
    NarrowHelp help = new NarrowHelp(columns);
    boolean rows = false;
    boolean examples = false;
    for (String line : text.split("\n", -1)) {
      examples = line.startsWith("Example") || examples && (line.isEmpty() || line.startsWith(" "));
      if (!line.startsWith(" ")) {
        rows = SECTIONS.contains(line) || line.isEmpty() && rows;
        rows |= ofProgram && line.endsWith(":");
      }
      if (examples) {
        help.endParagraph();
        help.out.add(line);
      } else if (rows && line.startsWith(" ")) {
        help.row(line);
      } else {
        help.text(line);
      }
    }
    help.endParagraph();
    return String.join("\n", help.out);
  }

  private void row(String line) {
    Matcher rest = REST.matcher(line);
    if (rest.matches()) {
      add(BELOW, rest.group(1));
      return;
    }
    Matcher option = OPTION.matcher(line);
    Matcher row = option.matches() ? option : ROW.matcher(line);
    if (row != option && !row.matches()) {
      text(line);
      return;
    }
    add("  ", row.group(1));
    if (!row.group(1).endsWith(",")) {
      endParagraph();
    }
    if (row.group(2) != null) {
      add(BELOW, row.group(2));
    }
  }

  private void text(String line) {
    if (line.isEmpty() || line.startsWith(" ") || line.startsWith("Usage:")) {
      endParagraph();
    }
    if (line.isEmpty()) {
      out.add("");
    } else {
      String text = line.stripLeading();
      add(" ".repeat(Math.min(2, line.length() - text.length())), text);
    }
    if (line.endsWith(":") || line.startsWith("Usage:")) {
      endParagraph();
    }
  }

  /** Adds text to the paragraph, which begins if there is none with this indentation. */
  private void add(String start, String text) {
    if (!paragraph.isEmpty() && !indent.equals(start)) {
      endParagraph();
    }
    indent = start;
    paragraph.append(paragraph.isEmpty() ? "" : " ").append(text);
  }

  private void endParagraph() {
    if (!paragraph.isEmpty()) {
      out.addAll(Wrapping.lines(indent + paragraph, columns, indent));
      paragraph.setLength(0);
    }
  }
}
