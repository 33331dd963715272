package dev.strata.cli.terminal;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * A table on a terminal that is not wide enough for it. If there is room, the last column is broken
 * between words; otherwise, the columns that do not fit are on lines below, each under its own
 * heading.
 */
final class NarrowTable {
  private static final String GAP = "  ";
  private static final String INDENT = "      ";
  private static final int NARROWEST = 16;

  private final boolean[] right;
  private final List<String[]> rows;
  private final int[] width;
  private final int columns;

  /**
   * Creates a table.
   *
   * @param right the columns that are aligned on the right
   * @param rows the cells
   * @param width the width of each column
   * @param columns the width of the terminal
   */
  NarrowTable(boolean[] right, List<String[]> rows, int[] width, int columns) {
    this.right = right;
    this.rows = rows;
    this.width = width;
    this.columns = columns;
  }

  void print(PrintWriter out) {
    List<int[]> groups = groups();
    for (String[] row : rows) {
      for (int i = 0; i < groups.size(); i++) {
        print(row, groups.get(i), i > 0, out);
      }
    }
  }

  /** Returns the first column of each line of a row, and the one after its last. */
  private List<int[]> groups() {
    int last = right.length - 1;
    List<int[]> groups = new ArrayList<>();
    int first = 0;
    int used = 0;
    for (int i = 0; i <= last; i++) {
      int needed = i == last ? Math.min(width[i], NARROWEST) : width[i];
      if (i > first && used + GAP.length() + needed > columns) {
        groups.add(new int[] {first, i});
        first = i;
        used = INDENT.length() - GAP.length();
      }
      used += GAP.length() + width[i];
    }
    groups.add(new int[] {first, last + 1});
    return groups;
  }

  private void print(String[] row, int[] group, boolean continues, PrintWriter out) {
    StringBuilder line = new StringBuilder(continues ? INDENT : GAP);
    boolean blank = true;
    for (int i = group[0]; i < group[1]; i++) {
      blank &= row[i].isEmpty();
      line.append(i == group[0] ? "" : GAP);
      if (i == right.length - 1 && !right[i]) {
        printLast(line, row[i], out, blank && continues);
        return;
      }
      Table.append(line, row[i], width[i], right[i]);
    }
    if (!blank || !continues) {
      out.println(line.toString().stripTrailing());
    }
  }

  private void printLast(StringBuilder before, String cell, PrintWriter out, boolean blank) {
    if (blank) {
      return;
    }
    String start = before.toString();
    String next = " ".repeat(start.length());
    for (String part : Wrapping.lines(cell, Math.max(1, columns - start.length()), "")) {
      out.println((start + part).stripTrailing());
      start = next;
    }
    if (cell.isEmpty()) {
      out.println(start.stripTrailing());
    }
  }
}
