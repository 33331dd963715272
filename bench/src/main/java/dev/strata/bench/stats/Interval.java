package dev.strata.bench.stats;

/**
 * An estimate with a confidence interval. Immutable and thread-safe.
 *
 * @param estimate the estimate
 * @param low the lower limit; negative infinity (or 0 for a ratio) if unknown
 * @param high the upper limit; positive infinity if unknown
 */
public record Interval(double estimate, double low, double high) {
  /**
   * Applies the exponential function: turns an interval of log ratios into one of ratios.
   *
   * @return the interval of the ratio
   */
  public Interval exp() {
    return new Interval(Math.exp(estimate), Math.exp(low), Math.exp(high));
  }

  /**
   * Inverts a ratio.
   *
   * @return the interval of the inverse ratio
   */
  public Interval inverse() {
    return new Interval(1 / estimate, 1 / high, 1 / low);
  }

  /**
   * Returns whether both limits are known.
   *
   * @return false if there are too few measurements for an interval
   */
  public boolean isFinite() {
    return Double.isFinite(low) && Double.isFinite(high);
  }
}
