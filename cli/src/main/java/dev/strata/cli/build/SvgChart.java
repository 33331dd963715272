package dev.strata.cli.build;

import dev.strata.cli.terminal.Sizes;
import dev.strata.io.PlainText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Draws a bar chart as SVG. */
final class SvgChart {
  private static final int LEFT = 80;
  private static final int TOP = 70;
  private static final int PLOT_HEIGHT = 260;
  private static final int GROUP_GAP = 16;
  private static final int BAR = 14;
  private static final int LEAST_WIDTH = 640;
  private static final int LABEL_LENGTH = 24;
  private static final int LINES = 4;

  /** Colours that people with any colour vision can tell apart (Okabe and Ito). */
  private static final List<String> COLOURS = List.of("#999999", "#0072b2", "#d55e00", "#009e73");

  private final StringBuilder svg = new StringBuilder();

  private SvgChart() {}

  /**
   * Draws a group of bars for each label.
   *
   * @param series the value of each bar, by the name of the series
   * @param least a value for each label that is marked across its group
   */
  static String bars(
      String title, List<String> labels, Map<String, List<Long>> series, List<Long> least) {
    SvgChart chart = new SvgChart();
    chart.draw(title, labels, series, least);
    return chart.svg.toString();
  }

  private void draw(
      String title, List<String> labels, Map<String, List<Long>> series, List<Long> least) {
    long largest = 1;
    for (List<Long> values : series.values()) {
      for (long value : values) {
        largest = Math.max(largest, value);
      }
    }
    int group = series.size() * BAR + GROUP_GAP;
    int width = Math.max(LEAST_WIDTH, LEFT + labels.size() * group + 20);
    int height = TOP + PLOT_HEIGHT + 130;
    line("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\"", width, height);
    line("  font-family=\"sans-serif\" font-size=\"12\" fill=\"#222222\">");
    line("<title>{}</title>", escaped(title));
    line("<rect width=\"{}\" height=\"{}\" fill=\"#ffffff\"/>", width, height);
    line("<text x=\"16\" y=\"24\" font-size=\"15\">{}</text>", escaped(title));
    legend(new ArrayList<>(series.keySet()));
    for (int i = 0; i <= LINES; i++) {
      int y = TOP + PLOT_HEIGHT - PLOT_HEIGHT * i / LINES;
      line("<path d=\"M{} {}H{}\" stroke=\"#dddddd\"/>", LEFT, y, width - 20);
      line(
          "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
          LEFT - 6,
          y + 4,
          Sizes.bytes(largest * i / LINES));
    }
    for (int i = 0; i < labels.size(); i++) {
      int x = LEFT + GROUP_GAP / 2 + i * group;
      int bar = 0;
      for (Map.Entry<String, List<Long>> one : series.entrySet()) {
        long value = one.getValue().get(i);
        int tall = height(value, largest);
        line(
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" fill=\"{}\">",
            x + bar * BAR,
            TOP + PLOT_HEIGHT - tall,
            BAR - 2,
            tall,
            colour(bar));
        line(
            "<title>{}, {}: {}</title></rect>",
            escaped(labels.get(i)),
            escaped(one.getKey()),
            Sizes.bytes(value));
        bar++;
      }
      int y = TOP + PLOT_HEIGHT - height(least.get(i), largest);
      line(
          "<path d=\"M{} {}H{}\" stroke=\"#000000\" stroke-dasharray=\"3 2\"/>",
          x - 4,
          y,
          x + series.size() * BAR + 2);
      int middle = x + series.size() * BAR / 2;
      int below = TOP + PLOT_HEIGHT + 14;
      line(
          "<text x=\"{}\" y=\"{}\" text-anchor=\"end\" transform=\"rotate(-40 {} {})\">{}</text>",
          middle,
          below,
          middle,
          below,
          escaped(shortened(labels.get(i))));
    }
    line("</svg>");
  }

  private void legend(List<String> names) {
    int x = LEFT;
    for (int i = 0; i < names.size(); i++) {
      line("<rect x=\"{}\" y=\"40\" width=\"12\" height=\"12\" fill=\"{}\"/>", x, colour(i));
      line("<text x=\"{}\" y=\"50\">{}</text>", x + 18, escaped(names.get(i)));
      x += 110;
    }
    line("<path d=\"M{} 46H{}\" stroke=\"#000000\" stroke-dasharray=\"3 2\"/>", x, x + 20);
    line("<text x=\"{}\" y=\"50\">changed paths</text>", x + 26);
  }

  private static String colour(int series) {
    return COLOURS.get(series % COLOURS.size());
  }

  private static int height(long value, long largest) {
    return (int) Math.round((double) PLOT_HEIGHT * value / largest);
  }

  private static String shortened(String label) {
    return label.length() <= LABEL_LENGTH ? label : label.substring(0, LABEL_LENGTH - 1) + "…";
  }

  private static String escaped(String text) {
    return PlainText.line(text)
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** Writes a line with a value for each {@code {}}. Numbers look the same in all locales. */
  private void line(String form, Object... values) {
    int start = 0;
    for (Object value : values) {
      int at = form.indexOf("{}", start);
      svg.append(form, start, at).append(value);
      start = at + 2;
    }
    svg.append(form, start, form.length()).append('\n');
  }
}
