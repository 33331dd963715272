package dev.strata.bench.stats;

import java.util.Arrays;

/**
 * Follows one measure of two builds, pair by pair, and tells the ratio of the two with an interval.
 * With the tails of a {@link SpendingPlan} the interval stays honest however often one looks (a
 * repeated confidence interval: Jennison and Turnbull, <i>Interim Analyses: the Repeated Confidence
 * Interval Approach</i>, 1989). Not thread-safe.
 */
public final class PairedTest {
  private double[] logRatios = new double[64];
  private int count;

  /** Starts without a pair. */
  public PairedTest() {}

  /**
   * Adds a pair.
   *
   * @param base what the first build took, above 0
   * @param candidate what the second took, above 0, in the same unit
   * @throws IllegalArgumentException if one is not above 0
   */
  public void add(double base, double candidate) {
    if (!(base > 0 && candidate > 0)) {
      throw new IllegalArgumentException(
          "a pair needs two figures above 0, not " + base + " and " + candidate);
    }
    if (count == logRatios.length) {
      logRatios = Arrays.copyOf(logRatios, 2 * count);
    }
    logRatios[count++] = Math.log(candidate / base);
  }

  /**
   * How many pairs there are.
   *
   * @return a number
   */
  public int count() {
    return count;
  }

  /**
   * Looks at the pairs so far.
   *
   * @param tail the chance, on each side, that the true ratio lies outside
   * @return candidate by base, with limits; infinite ones as long as there are too few pairs
   */
  public Interval look(double tail) {
    return SignedRank.centre(Arrays.copyOf(logRatios, count), tail).exp();
  }

  /**
   * The ratio of two measures over pairs, for a run with a fixed number of pairs.
   *
   * @param base what the first took, each above 0
   * @param candidate what the second took, each above 0; as many
   * @param confidence such as 0.95
   * @return candidate by base, with limits
   */
  public static Interval ratio(double[] base, double[] candidate, double confidence) {
    double[] logs = new double[base.length];
    Arrays.setAll(logs, i -> Math.log(candidate[i] / base[i]));
    return SignedRank.centre(logs, (1 - confidence) / 2).exp();
  }
}
