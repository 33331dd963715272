package dev.strata.bench.report;

import java.util.ArrayList;
import java.util.List;

/** A table whose first column is text and whose other columns are figures. Not thread-safe. */
public final class TextTable {
  /** The format of a table. */
  public enum Format {
    /** Aligned with spaces, for a terminal. */
    text,
    /** GitHub Flavored Markdown. */
    markdown
  }

  private final List<List<String>> rows = new ArrayList<>();

  /**
   * Creates a table.
   *
   * @param headings the heading of each column
   */
  public TextTable(String... headings) {
    rows.add(List.of(headings));
  }

  /**
   * Adds a row.
   *
   * @param cells the cells, as many as there are headings
   * @return this
   * @throws IllegalArgumentException if the number of cells is wrong
   */
  public TextTable row(String... cells) {
    if (cells.length != rows.getFirst().size()) {
      throw new IllegalArgumentException(cells.length + " cells for " + rows.getFirst());
    }
    rows.add(List.of(cells));
    return this;
  }

  /**
   * Returns the table as text.
   *
   * @param format the format
   * @return lines, each with a line terminator
   */
  public String render(Format format) {
    return format == Format.markdown ? markdown() : text();
  }

  private String markdown() {
    StringBuilder out = new StringBuilder();
    for (int r = 0; r < rows.size(); r++) {
      out.append("| ");
      out.append(String.join(" | ", rows.get(r).stream().map(c -> c.replace("|", "\\|")).toList()));
      out.append(" |\n");
      if (r == 0) {
        out.append("| --- |").repeat(" ---: |", rows.getFirst().size() - 1).append('\n');
      }
    }
    return out.toString();
  }

  private String text() {
    int columns = rows.getFirst().size();
    int[] width = new int[columns];
    for (List<String> row : rows) {
      for (int c = 0; c < columns; c++) {
        width[c] = Math.max(width[c], row.get(c).length());
      }
    }
    StringBuilder out = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        String gap = " ".repeat(width[c] - row.get(c).length());
        line.append(c == 0 ? row.get(c) + gap : "  " + gap + row.get(c));
      }
      out.append(line.toString().stripTrailing()).append('\n');
    }
    return out.toString();
  }

  /**
   * Returns the table as HTML.
   *
   * @return a {@code table} element
   */
  public String html() {
    StringBuilder out = new StringBuilder("<table>\n");
    for (int r = 0; r < rows.size(); r++) {
      String cell = r == 0 ? "th" : "td";
      out.append(r == 0 ? "<thead><tr>" : "<tr>");
      for (int c = 0; c < rows.get(r).size(); c++) {
        // On narrow screens, cells are stacked and show their label before the value.
        out.append('<').append(cell);
        out.append(" data-label=\"").append(Html.escape(rows.getFirst().get(c))).append("\">");
        out.append(Html.escape(rows.get(r).get(c)));
        out.append("</").append(cell).append('>');
      }
      out.append(r == 0 ? "</tr></thead>\n<tbody>\n" : "</tr>\n");
    }
    return out.append("</tbody>\n</table>\n").toString();
  }
}
