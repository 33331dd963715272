package dev.strata.bench.report;

import dev.strata.bench.cores.SpeedUp;
import dev.strata.bench.results.Comparison;
import dev.strata.bench.results.Comparison.Compared;
import dev.strata.bench.stats.Interval;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.LogAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.axis.ValueAxis;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.IntervalMarker;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.plot.ValueMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.IntervalBarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.renderer.xy.XYErrorRenderer;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.Range;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jfree.data.category.DefaultIntervalCategoryDataset;
import org.jfree.data.xy.XYDataItem;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jfree.data.xy.YIntervalSeries;
import org.jfree.data.xy.YIntervalSeriesCollection;

/** Draws the charts of a report. Font sizes are chosen for a width of 350 units. */
final class Charts {
  static final int WIDTH = 350;
  static final int HEIGHT = 200;
  private static final int BAR_CHART_FRAME = 46;
  private static final int BAR_CHART_ROW = 54;
  private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
  private static final Color NOTHING = new Color(0, 0, 0, 0);

  /** The thickness of interval bars, relative to the height of a chart with a single row. */
  private static final double THIN = 0.04;

  /** The limit for showing intervals, as a multiple of the largest median. */
  private static final double LONGEST = 1.5;

  /** The smallest difference that fills a chart, relative to the largest median. */
  private static final double LEAST = 0.1;

  private static final double MARGIN = 0.1;

  private Charts() {}

  /**
   * A point of a chart over commits.
   *
   * @param commit the commit's name
   * @param seconds the median with its interval
   * @param yardstick the median of walk-tar-hash in the same run in seconds; 0 if not measured
   */
  record Point(String commit, Interval seconds, double yardstick) {}

  /** Draws wall time over commits, and the yardstick scaled to the same height. */
  static String overCommits(String id, String workload, List<Point> points) {
    YIntervalSeries strata = new YIntervalSeries("strata");
    for (int i = 0; i < points.size(); i++) {
      Interval s = points.get(i).seconds();
      strata.add(i, s.estimate(), s.low(), s.high());
    }
    YIntervalSeriesCollection measured = new YIntervalSeriesCollection();
    measured.addSeries(strata);

    String[] commits = points.stream().map(p -> shortened(p.commit())).toArray(String[]::new);
    SymbolAxis across = new SymbolAxis(null, commits);
    across.setGridBandsVisible(false);
    across.setRange(-0.5, points.size() - 0.5);
    NumberAxis up = new NumberAxis();
    XYSeriesCollection machine = yardstick(points);
    up.setRange(heights(points, machine));
    up.setNumberFormatOverride(format("0.0## s"));

    XYErrorRenderer renderer = new XYErrorRenderer();
    renderer.setDrawXError(false);
    renderer.setDefaultLinesVisible(true);
    renderer.setSeriesPaint(0, Palette.FIRST.placeholder());
    renderer.setSeriesStroke(0, new BasicStroke(1.6f));
    renderer.setSeriesShape(0, new java.awt.geom.Ellipse2D.Double(-2.5, -2.5, 5, 5));
    renderer.setErrorPaint(Palette.FIRST.placeholder());
    renderer.setCapLength(4);

    XYPlot plot = new XYPlot(measured, across, up, renderer);
    plot.setDataset(1, machine);
    XYLineAndShapeRenderer faint = new XYLineAndShapeRenderer(true, false);
    faint.setSeriesPaint(0, Palette.FAINT.placeholder());
    faint.setSeriesStroke(0, dashed());
    plot.setRenderer(1, faint);
    style(plot, across, up);
    return Svg.draw(chart(plot), WIDTH, HEIGHT, id, "Wall time of " + workload + " over commits");
  }

  /** Draws time per unit of work, or peak memory, over the amount of work. */
  static String overSize(String id, ScaleChart.Series series, boolean memory) {
    XYSeries wall = new XYSeries("wall");
    XYSeries work = new XYSeries("work");
    XYSeries cpu = new XYSeries("cpu");
    for (ScaleChart.Point p : series.points()) {
      wall.add(p.amount(), memory ? p.peak() : p.wall());
      if (!memory) {
        work.add(p.amount(), p.work());
        cpu.add(p.amount(), p.cpu());
      }
    }
    XYSeriesCollection data = new XYSeriesCollection(wall);
    data.addSeries(work);
    data.addSeries(cpu);
    LogAxis across = new LogAxis();
    across.setSmallestValue(1e-6);
    across.setNumberFormatOverride(format("#,##0.##"));
    across.setRange(wall.getMinX() / 1.3, wall.getMaxX() * 1.3);
    across.setStandardTickUnits(NumberAxis.createStandardTickUnits());
    across.setTickUnit(new NumberTickUnit(1));
    NumberAxis up = new NumberAxis();
    up.setAutoRangeIncludesZero(true);
    up.setNumberFormatOverride(format("#,##0.##"));
    XYPlot plot = new XYPlot(data, across, up, threeLines());
    style(plot, across, up);
    String label = memory ? "Peak memory" : series.title();
    return Svg.draw(chart(plot), WIDTH, HEIGHT, id, label + " by " + series.across());
  }

  /** Draws how many times as fast a plan is built on several cores as on one. */
  static String overCores(String id, CoresChart.Plan plan) {
    XYSeries simulated = new XYSeries("simulated");
    XYSeries bound = new XYSeries("bound");
    XYSeries plain = new XYSeries("plain");
    for (SpeedUp.Point p : plan.points()) {
      simulated.add(p.cores(), p.speedUp());
      bound.add(p.cores(), p.bound());
      plain.add(p.cores(), p.plain());
    }
    XYSeriesCollection data = new XYSeriesCollection(simulated);
    data.addSeries(bound);
    data.addSeries(plain);
    LogAxis across = new LogAxis();
    across.setBase(2);
    across.setSmallestValue(1);
    across.setNumberFormatOverride(format("0"));
    across.setRange(simulated.getMinX() / 1.1, simulated.getMaxX() * 1.1);
    across.setTickUnit(new NumberTickUnit(1));
    NumberAxis up = new NumberAxis();
    up.setAutoRangeIncludesZero(true);
    up.setNumberFormatOverride(format("0.#"));
    XYPlot plot = new XYPlot(data, across, up, threeLines());
    style(plot, across, up);
    return Svg.draw(chart(plot), WIDTH, HEIGHT, id, "Speed-up by cores, " + plan.title());
  }

  /** The first line is the main one, the second dashed. */
  private static XYLineAndShapeRenderer threeLines() {
    XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, true);
    Palette[] colours = {Palette.FIRST, Palette.FAINT, Palette.SECOND};
    for (int i = 0; i < colours.length; i++) {
      renderer.setSeriesPaint(i, colours[i].placeholder());
      renderer.setSeriesStroke(i, i == 1 ? dashed() : new BasicStroke(1.6f));
      renderer.setSeriesShape(i, new java.awt.geom.Ellipse2D.Double(-2.5, -2.5, 5, 5));
    }
    return renderer;
  }

  /** Returns a range that contains all medians; long intervals may exceed it. */
  private static Range heights(List<Point> points, XYSeriesCollection yardstick) {
    double most = points.stream().mapToDouble(p -> p.seconds().estimate()).max().orElse(1);
    double low = points.stream().mapToDouble(p -> p.seconds().low()).min().orElse(0);
    double high = points.stream().mapToDouble(p -> p.seconds().high()).max().orElse(1);
    for (Object item : yardstick.getSeries(0).getItems()) {
      double y = ((XYDataItem) item).getYValue();
      most = Math.max(most, y);
      low = Math.min(low, y);
      high = Math.max(high, y);
    }
    double top = Math.min(high, LONGEST * most);
    double margin = Math.max((top - low) * MARGIN, (LEAST * most - (top - low)) / 2);
    return new Range(Math.max(0, low - margin), top + margin);
  }

  private static XYSeriesCollection yardstick(List<Point> points) {
    XYSeries series = new XYSeries("walk-tar-hash");
    double of =
        points.stream().mapToDouble(Point::yardstick).filter(y -> y > 0).average().orElse(1);
    double to = points.stream().mapToDouble(p -> p.seconds().estimate()).average().orElse(1);
    for (int i = 0; i < points.size(); i++) {
      if (points.get(i).yardstick() > 0) {
        series.add(i, points.get(i).yardstick() * to / of);
      }
    }
    return new XYSeriesCollection(series);
  }

  /** Draws the changes of a comparison in percent, as bars with intervals. */
  static String changes(String id, Comparison comparison) {
    List<Compared> workloads = comparison.workloads();
    String[] names = workloads.stream().map(Compared::name).toArray(String[]::new);
    DefaultCategoryDataset bars = new DefaultCategoryDataset();
    Double[][] starts = new Double[2][names.length];
    Double[][] ends = new Double[2][names.length];
    for (int i = 0; i < names.length; i++) {
      Interval[] ratios = {workloads.get(i).wall(), workloads.get(i).cpu()};
      for (int m = 0; m < 2; m++) {
        Interval r = ratios[m];
        boolean known = r.isFinite() && r.low() > 0;
        bars.addValue(percent(r.estimate()), m == 0 ? "wall" : "cpu", names[i]);
        starts[m][i] = percent(known ? r.low() : r.estimate());
        ends[m][i] = percent(known ? r.high() : r.estimate());
      }
    }
    DefaultIntervalCategoryDataset intervals =
        new DefaultIntervalCategoryDataset(new String[] {"wall", "cpu"}, names, starts, ends);

    CategoryAxis rows = new CategoryAxis();
    rows.setCategoryMargin(0.3);
    NumberAxis across = new NumberAxis();
    across.setNumberFormatOverride(new ChangeFormat());
    across.setAutoRangeMinimumSize(200 * comparison.rules().detect());

    CategoryPlot plot = new CategoryPlot(bars, rows, across, barRenderer());
    plot.setDataset(1, intervals);
    plot.setRenderer(1, whiskers(names.length));
    plot.setDatasetRenderingOrder(org.jfree.chart.plot.DatasetRenderingOrder.FORWARD);
    plot.setOrientation(PlotOrientation.HORIZONTAL);
    plot.setRangeGridlinePaint(Palette.GRID.placeholder());
    plot.setRangeGridlineStroke(new BasicStroke(1));
    double tolerance = 100 * comparison.rules().tolerance();
    plot.addRangeMarker(
        new IntervalMarker(-tolerance, tolerance, Palette.BAND.placeholder()), Layer.BACKGROUND);
    plot.addRangeMarker(
        new ValueMarker(100 * comparison.rules().detect(), Palette.LIMIT.placeholder(), dashed()),
        Layer.FOREGROUND);
    plot.addRangeMarker(
        new ValueMarker(0, Palette.TEXT.placeholder(), new BasicStroke(1)), Layer.FOREGROUND);
    style(plot);
    rows.setMaximumCategoryLabelWidthRatio(1);
    rows.setTickLabelFont(FONT);
    rows.setTickLabelPaint(Palette.TEXT.placeholder());
    rows.setAxisLineVisible(false);
    rows.setTickMarksVisible(false);
    style(across);
    return Svg.draw(
        chart(plot),
        WIDTH,
        BAR_CHART_FRAME + BAR_CHART_ROW * names.length,
        id,
        "Change of wall time and processor time in percent, with intervals");
  }

  private static BarRenderer barRenderer() {
    BarRenderer renderer = new BarRenderer();
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    renderer.setItemMargin(0.1);
    renderer.setSeriesPaint(0, Palette.FIRST.placeholder());
    renderer.setSeriesPaint(1, Palette.SECOND.placeholder());
    return renderer;
  }

  private static IntervalBarRenderer whiskers(int rows) {
    IntervalBarRenderer renderer = new IntervalBarRenderer();
    renderer.setBarPainter(new StandardBarPainter());
    renderer.setShadowVisible(false);
    renderer.setItemMargin(0.1);
    renderer.setMaximumBarWidth(THIN / rows);
    renderer.setSeriesPaint(0, Palette.TEXT.placeholder());
    renderer.setSeriesPaint(1, Palette.TEXT.placeholder());
    return renderer;
  }

  private static JFreeChart chart(Plot plot) {
    JFreeChart chart = new JFreeChart(null, FONT, plot, false);
    chart.setBackgroundPaint(NOTHING);
    chart.setPadding(new RectangleInsets(4, 2, 2, 10));
    return chart;
  }

  /** Shows the grid of the values only. */
  private static void style(XYPlot plot, ValueAxis across, ValueAxis up) {
    plot.setDomainGridlinesVisible(false);
    plot.setRangeGridlinePaint(Palette.GRID.placeholder());
    plot.setRangeGridlineStroke(new BasicStroke(1));
    style(plot);
    style(across);
    style(up);
  }

  private static void style(Plot plot) {
    plot.setBackgroundPaint(null);
    plot.setOutlineVisible(false);
    plot.setInsets(RectangleInsets.ZERO_INSETS);
  }

  private static void style(ValueAxis axis) {
    axis.setTickLabelFont(FONT);
    axis.setTickLabelPaint(Palette.TEXT.placeholder());
    axis.setAxisLineVisible(false);
    axis.setTickMarksVisible(false);
  }

  private static BasicStroke dashed() {
    return new BasicStroke(
        1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, new float[] {4, 3}, 0);
  }

  private static DecimalFormat format(String pattern) {
    return new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT));
  }

  private static double percent(double ratio) {
    return 100 * (ratio - 1);
  }

  private static String shortened(String commit) {
    return commit.length() > 9 ? commit.substring(0, 8) + "…" : commit;
  }
}
