package dev.strata.bench;

import dev.strata.bench.process.ProcessUsage;
import dev.strata.bench.report.TextTable;
import dev.strata.bench.run.Series;
import dev.strata.bench.run.Track;
import dev.strata.bench.stats.Interval;
import dev.strata.bench.stats.PairedTest;
import dev.strata.bench.stats.Samples;
import dev.strata.bench.workload.Contender;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.List;
import java.util.Locale;

/** The results of a run on one workload, as a table. */
final class RunTable {
  private RunTable() {}

  static TextTable of(List<Contender> contenders, Track track, double confidence) {
    TextTable table =
        new TextTable(
            "", "wall", "spread", "user", "system", "peak memory", "ratio", interval(confidence));
    double[] first = track.series(0).figures(ProcessUsage::wallNanos);
    for (int i = 0; i < contenders.size(); i++) {
      Series series = track.series(i);
      double[] wall = series.figures(ProcessUsage::wallNanos);
      Interval ratio = PairedTest.ratio(first, wall, confidence);
      table.row(
          contenders.get(i).name(),
          seconds(Samples.median(wall)),
          String.format(Locale.ROOT, "±%.1f%%", 100 * Samples.spread(wall)),
          seconds(Samples.median(series.figures(ProcessUsage::userNanos))),
          seconds(Samples.median(series.figures(ProcessUsage::systemNanos))),
          String.format(
              Locale.ROOT,
              "%.0f MiB",
              Samples.median(series.figures(ProcessUsage::peakBytes)) / (1 << 20)),
          figure(ratio.estimate()),
          i == 0 ? "" : limits(ratio));
    }
    return table;
  }

  private static String interval(double confidence) {
    return new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT))
            .format(100 * confidence)
        + "% interval";
  }

  static String seconds(double nanos) {
    return String.format(Locale.ROOT, "%.3f s", nanos / 1e9);
  }

  /** Formats a ratio with about three significant digits. */
  private static String figure(double ratio) {
    return String.format(Locale.ROOT, ratio < 0.2 ? "%.3f" : ratio < 10 ? "%.2f" : "%.1f", ratio);
  }

  private static String limits(Interval ratio) {
    return ratio.isFinite() && ratio.low() > 0
        ? figure(ratio.low()) + "–" + figure(ratio.high())
        : "more rounds needed";
  }
}
