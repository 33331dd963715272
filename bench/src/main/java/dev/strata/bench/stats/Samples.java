package dev.strata.bench.stats;

import java.util.Arrays;

/** Descriptive statistics of a series of measurements. Stateless and thread-safe. */
public final class Samples {
  private Samples() {}

  /**
   * Returns the median.
   *
   * @param values at least one, in any order; not changed
   * @return the middle value, or the mean of the two middle ones
   */
  public static double median(double[] values) {
    return quantile(values, 0.5);
  }

  /**
   * Returns a quantile by linear interpolation between order statistics (type 7 of Hyndman and Fan,
   * <i>Sample Quantiles in Statistical Packages</i>, 1996; the default of R and NumPy).
   *
   * @param values at least one, in any order; not changed
   * @param p the probability, from 0 to 1
   * @return the quantile
   * @throws IllegalArgumentException if there is no value
   */
  public static double quantile(double[] values, double p) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no values");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double at = p * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /**
   * Returns the spread: half the interquartile range, relative to the median.
   *
   * @param values at least one, in any order; not changed
   * @return 0.02 if half of the values lie within about 2% of the median; 0 if the median is 0
   */
  public static double spread(double[] values) {
    double median = median(values);
    double half = (quantile(values, 0.75) - quantile(values, 0.25)) / 2;
    return median == 0 ? 0 : half / median;
  }

  /**
   * Returns a distribution-free confidence interval for the median, from order statistics.
   *
   * @param values at least one, in any order; not changed
   * @param confidence the confidence level, such as 0.95
   * @return the median with its interval; the whole range of the values if there are too few
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
