package dev.strata.bench.report;

import java.util.List;
import java.util.Locale;

/**
 * Time and memory over the amount of work, as a self-contained SVG file: a row per series, with
 * time on the left and memory on the right. Stateless and thread-safe.
 */
public final class ScaleChart {
  static final int TITLE = 26;
  static final int LEGEND = 30;
  static final int GAP = 20;
  private static final String STYLE =
      """
      svg { font: 13px system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif;
        --page: #fff; --text: #1d2430; --faint: #6b7280; --grid: #e3e5e8; --first: #1f6feb;
        --second: #c2570c }
      @media (prefers-color-scheme: dark) { svg {
        --page: #0f1318; --text: #e4e7eb; --faint: #9aa4b2; --grid: #2c343f; --first: #6cb0ff;
        --second: #f2a65a } }
      text { font-family: inherit !important }
      .title { font-weight: 600; fill: var(--text) }
      .note { fill: var(--faint) }
      """;

  private ScaleChart() {}

  /**
   * A point.
   *
   * @param amount the amount of work, in the unit of the series
   * @param wall wall time per unit of work in seconds
   * @param work wall time without that of a trivial run, per unit of work in seconds
   * @param cpu processor time per unit of work in seconds
   * @param peak peak memory in MiB
   */
  public record Point(double amount, double wall, double work, double cpu, double peak) {}

  /**
   * A series.
   *
   * @param title the title of the times, such as {@code Seconds per GB}
   * @param across the label of the horizontal axis, such as {@code GB, 10 layers}
   * @param points the points, smallest first
   */
  public record Series(String title, String across, List<Point> points) {
    /** Copies the list. */
    public Series {
      points = List.copyOf(points);
    }
  }

  /**
   * Draws the chart.
   *
   * @param series the series, from top to bottom
   * @return the content of an SVG file
   */
  public static String of(List<Series> series) {
    int row = TITLE + Charts.HEIGHT + GAP;
    int width = 2 * Charts.WIDTH + 3 * GAP;
    int height = GAP + LEGEND + row * series.size();
    StringBuilder out = start(width, height);
    legend(
        out,
        new String[][] {
          {"first", "wall time"},
          {"faint", "wall time without start-up"},
          {"second", "processor time"}
        });
    for (int i = 0; i < series.size(); i++) {
      Series s = series.get(i);
      int top = GAP + LEGEND + i * row;
      panel(out, GAP, top, s.title(), s.across(), Charts.overSize("t" + i, s, false));
      int right = 2 * GAP + Charts.WIDTH;
      panel(out, right, top, "Peak memory, MiB", s.across(), Charts.overSize("p" + i, s, true));
    }
    return out.append("</svg>\n").toString();
  }

  /** Starts a file with a style and a background. */
  static StringBuilder start(int width, int height) {
    StringBuilder out = new StringBuilder();
    out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"").append(width);
    out.append("\" height=\"").append(height).append("\" viewBox=\"0 0 ").append(width);
    out.append(' ').append(height).append("\">\n<style>\n").append(STYLE).append("</style>\n");
    out.append("<rect width=\"100%\" height=\"100%\" style=\"fill: var(--page)\"/>\n");
    return out;
  }

  /** Adds a legend: a variable of the palette and a text for each key. */
  static void legend(StringBuilder out, String[][] keys) {
    int x = GAP;
    for (String[] key : keys) {
      out.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%d\" y=\"%d\" width=\"11\" height=\"11\" rx=\"2\" style=\"fill:"
                  + " var(--%s)\"/><text class=\"note\" x=\"%d\" y=\"%d\">%s</text>%n",
              x,
              GAP,
              key[0],
              x + 16,
              GAP + 10,
              key[1]));
      x += 40 + 8 * key[1].length();
    }
  }

  /** Adds a chart with its title. */
  static void panel(StringBuilder out, int x, int y, String title, String across, String chart) {
    out.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%d\" y=\"%d\"><tspan class=\"title\">%s</tspan><tspan class=\"note\""
                + " dx=\"8\">by %s</tspan></text>%n",
            x,
            y + TITLE - 10,
            Html.escape(title),
            Html.escape(across)));
    out.append(
        chart.replaceFirst(
            "<svg ",
            String.format(
                Locale.ROOT,
                "<svg x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" ",
                x,
                y + TITLE,
                Charts.WIDTH,
                Charts.HEIGHT)));
  }
}
