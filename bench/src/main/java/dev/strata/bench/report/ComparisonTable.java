package dev.strata.bench.report;

import dev.strata.bench.results.Comparison;
import dev.strata.bench.results.Comparison.Compared;
import dev.strata.bench.stats.Interval;
import dev.strata.bench.stats.Rules;
import dev.strata.bench.stats.Samples;
import java.util.Locale;
import java.util.stream.Collectors;

/** A comparison as a table and as a sentence. Stateless and thread-safe. */
public final class ComparisonTable {
  private ComparisonTable() {}

  /**
   * Returns a comparison as a table.
   *
   * @param comparison the comparison
   * @return a table with one row per workload
   */
  public static TextTable of(Comparison comparison) {
    TextTable table =
        new TextTable(
            "workload", "base", "wall time", "processor time", "peak memory", "pairs", "verdict");
    for (Compared w : comparison.workloads()) {
      table.row(
          w.name(),
          w.pairs() == 0
              ? ""
              : String.format(Locale.ROOT, "%.3f s", Samples.median(w.base().wallSeconds())),
          change(w.wall()),
          change(w.cpu()),
          change(w.peak()),
          Integer.toString(w.pairs()),
          w.verdict().words());
    }
    return table;
  }

  /**
   * Formats a ratio as a change in percent.
   *
   * @param ratio the ratio of candidate to base
   * @return such as {@code +3.1% [+2.0, +4.2]}
   */
  public static String change(Interval ratio) {
    String estimate = percent(ratio.estimate()) + "%";
    if (!ratio.isFinite() || ratio.low() <= 0) {
      return estimate + " [too few pairs]";
    }
    return estimate + " [" + percent(ratio.low()) + ", " + percent(ratio.high()) + "]";
  }

  private static String percent(double ratio) {
    String text = String.format(Locale.ROOT, "%+.1f", 100 * (ratio - 1));
    return text.equals("-0.0") ? "+0.0" : text.replace('-', '−');
  }

  /**
   * Returns the verdict as a sentence.
   *
   * @param comparison the comparison
   * @return the verdict and its meaning
   */
  public static String sentence(Comparison comparison) {
    String candidate = comparison.candidate();
    String base = comparison.base();
    Rules rules = comparison.rules();
    return switch (comparison.verdict()) {
      case REGRESSION ->
          "REGRESSION: %s is slower than %s by more than %s on %s."
              .formatted(candidate, base, part(rules.tolerance()), affected(comparison));
      case IMPROVEMENT ->
          "improvement: %s is faster than %s by more than %s on %s."
              .formatted(candidate, base, part(rules.tolerance()), affected(comparison));
      case NO_REGRESSION ->
          "no regression: %s is not slower than %s by %s."
              .formatted(candidate, base, part(rules.detect()));
      case UNDECIDED ->
          ("undecided: no regression was found, but there was too much noise to rule out that %s is"
                  + " slower than %s by %s; use a longer time limit or a quieter machine.")
              .formatted(candidate, base, part(rules.detect()));
    };
  }

  /** Returns the workloads that determine the verdict. */
  private static String affected(Comparison comparison) {
    return comparison.workloads().stream()
        .filter(w -> w.verdict() == comparison.verdict())
        .map(Compared::name)
        .collect(Collectors.joining(", "));
  }

  private static String part(double share) {
    return String.format(Locale.ROOT, "%.3g%%", 100 * share).replaceAll("\\.?0+%", "%");
  }
}
