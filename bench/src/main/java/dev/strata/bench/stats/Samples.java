package dev.strata.bench.stats;

import java.util.Arrays;

/** What is said of one series of measurements. Stateless and thread-safe. */
public final class Samples {
  private Samples() {}

  /**
   * The median.
   *
   * @param values at least one, in any order; not changed
   * @return the middle one, or the mean of the middle two
   */
  public static double median(double[] values) {
    return quantile(values, 0.5);
  }

  /**
   * A quantile, by linear interpolation between the order statistics (type 7 of Hyndman and Fan,
   * <i>Sample Quantiles in Statistical Packages</i>, 1996, as R and NumPy do by default).
   *
   * @param values at least one, in any order; not changed
   * @param p which quantile, from 0 to 1
   * @return the quantile
   * @throws IllegalArgumentException if there is no value
   */
  public static double quantile(double[] values, double p) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no value, so no quantile");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double at = p * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /**
   * The spread: half the distance between the quartiles, as a part of the median.
   *
   * @param values at least one, in any order; not changed
   * @return such as 0.02 when half of the values lie within 2% around the median; 0 for a median of
   *     0
   */
  public static double spread(double[] values) {
    double median = median(values);
    double half = (quantile(values, 0.75) - quantile(values, 0.25)) / 2;
    return median == 0 ? 0 : half / median;
  }

  /**
   * An interval for the median of the population, from order statistics (a binomial argument, so
   * that nothing is assumed of the distribution).
   *
   * @param values at least one, in any order; not changed
   * @param confidence such as 0.95; with too few values the interval is their whole range
   * @return the interval around the median
   */
  public static Interval medianInterval(double[] values, double confidence) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    // The largest k with P(Binomial(n, 1/2) < k) <= (1 - confidence) / 2.
    double tail = 0;
    double term = Math.pow(0.5, n);
    int k = 0;
    while (k < n / 2 && tail + term <= (1 - confidence) / 2) {
      tail += term;
      term = term * (n - k) / (k + 1);
      k++;
    }
    int low = Math.max(0, k - 1);
    return new Interval(median(values), sorted[low], sorted[n - 1 - low]);
  }
}
