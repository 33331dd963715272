package dev.strata.bench.stats;

import java.util.Arrays;

/**
 * Collects one measure of two builds, pair by pair, and estimates the ratio with an interval. With
 * the tail probabilities of a {@link SpendingPlan}, the interval is valid no matter how often one
 * looks (a repeated confidence interval: Jennison and Turnbull, <i>Interim Analyses: the Repeated
 * Confidence Interval Approach</i>, 1989). Not thread-safe.
 */
public final class PairedTest {
  private double[] logRatios = new double[64];
  private int count;

  /** Creates a test without pairs. */
  public PairedTest() {}

  /**
   * Adds a pair.
   *
   * @param base the figure of the first build, above 0
   * @param candidate the figure of the second build, above 0, in the same unit
   * @throws IllegalArgumentException if a figure is not above 0
   */
  public void add(double base, double candidate) {
    if (!(base > 0 && candidate > 0)) {
      throw new IllegalArgumentException(
          "figures must be above 0, got " + base + " and " + candidate);
    }
    if (count == logRatios.length) {
      logRatios = Arrays.copyOf(logRatios, 2 * count);
    }
    logRatios[count++] = Math.log(candidate / base);
  }

  /**
   * Returns the number of pairs.
   *
   * @return the number of pairs
   */
  public int count() {
    return count;
  }

  /**
   * Estimates the ratio from the pairs so far.
   *
   * @param tail the probability, on each side, that the true ratio lies outside the interval
   * @return the ratio of candidate to base; limits are unknown if there are too few pairs
   */
  public Interval look(double tail) {
    return SignedRank.centre(Arrays.copyOf(logRatios, count), tail).exp();
  }

  /**
   * Estimates the ratio from a fixed number of pairs.
   *
   * @param base the figures of the first build, each above 0
   * @param candidate the figures of the second build, each above 0; as many as the first
   * @param confidence the confidence level, such as 0.95
   * @return the ratio of candidate to base
   */
  public static Interval ratio(double[] base, double[] candidate, double confidence) {
    double[] logs = new double[base.length];
    Arrays.setAll(logs, i -> Math.log(candidate[i] / base[i]));
    return SignedRank.centre(logs, (1 - confidence) / 2).exp();
  }
}
