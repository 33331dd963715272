package dev.strata.bench.report;

import dev.strata.bench.cores.SpeedUp;
import java.util.List;

/**
 * Simulated speed-ups over the number of cores, as a self-contained SVG file with a chart for each
 * plan. Stateless and thread-safe.
 */
public final class CoresChart {
  private CoresChart() {}

  /**
   * A plan.
   *
   * @param title what is built, such as {@code 100 layers}
   * @param points the speed-ups, fewest cores first
   */
  public record Plan(String title, List<SpeedUp.Point> points) {
    /** Copies the list. */
    public Plan {
      points = List.copyOf(points);
    }
  }

  /**
   * Draws the chart.
   *
   * @param plans the plans, from left to right
   * @return the content of an SVG file
   */
  public static String of(List<Plan> plans) {
    int gap = ScaleChart.GAP;
    int width = plans.size() * (Charts.WIDTH + gap) + gap;
    int top = gap + ScaleChart.LEGEND;
    StringBuilder out = ScaleChart.start(width, top + ScaleChart.TITLE + Charts.HEIGHT + gap);
    ScaleChart.legend(
        out,
        new String[][] {
          {"first", "Strata, simulated"},
          {"faint", "Amdahl's bound"},
          {"second", "without the rules for many workers"}
        });
    for (int i = 0; i < plans.size(); i++) {
      ScaleChart.panel(
          out,
          gap + i * (Charts.WIDTH + gap),
          top,
          "Speed-up, " + plans.get(i).title(),
          "cores",
          Charts.overCores("c" + i, plans.get(i)));
    }
    return out.append("</svg>\n").toString();
  }
}
