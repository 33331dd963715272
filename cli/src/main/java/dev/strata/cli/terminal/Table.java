package dev.strata.cli.terminal;

import dev.strata.io.PlainText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of text in aligned columns. */
public final class Table {
  private static final String GAP = "  ";

  private final boolean[] right;
  private final List<String[]> rows = new ArrayList<>();

  /**
   * Starts a table.
   *
   * @param alignment a letter for each column: {@code l} for left, {@code r} for right
   */
  public Table(String alignment) {
    right = new boolean[alignment.length()];
    for (int i = 0; i < right.length; i++) {
      right[i] = alignment.charAt(i) == 'r';
    }
  }

  public Table row(String... cells) {
    String[] row = Arrays.copyOf(cells, right.length);
    for (int i = 0; i < row.length; i++) {
      // A line end in a name would look like another row.
      row[i] = PlainText.line(row[i]);
    }
    rows.add(row);
    return this;
  }

  /** Prints the table. On a terminal that is not wide enough, a row takes several lines. */
  public void print(PrintWriter out) {
    int[] width = new int[right.length];
    int total = 0;
    for (int i = 0; i < width.length; i++) {
      for (String[] row : rows) {
        width[i] = Math.max(width[i], row[i].length());
      }
      total += GAP.length() + width[i];
    }
    int columns = TextOutput.columns(out);
    if (columns > 0 && total > columns) {
      new NarrowTable(right, rows, width, columns).print(out);
      return;
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < width.length; i++) {
        line.append(GAP);
        append(line, row[i], width[i], right[i]);
      }
      out.println(line.toString().stripTrailing());
    }
  }

  /** Appends a cell, padded to the width of its column. */
  static void append(StringBuilder line, String cell, int width, boolean right) {
    int padding = Math.max(0, width - cell.length());
    line.repeat(' ', right ? padding : 0).append(cell).repeat(' ', right ? 0 : padding);
  }
}
