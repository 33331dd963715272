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

  public void print(PrintWriter out) {
    int[] width = new int[right.length];
    for (String[] row : rows) {
      for (int i = 0; i < width.length; i++) {
        width[i] = Math.max(width[i], row[i].length());
      }
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < width.length; i++) {
        String padding = " ".repeat(width[i] - row[i].length());
        line.append(GAP).append(right[i] ? padding + row[i] : row[i] + padding);
      }
      out.println(line.toString().stripTrailing());
    }
  }
}
