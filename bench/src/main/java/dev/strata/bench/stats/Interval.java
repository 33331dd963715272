package dev.strata.bench.stats;

/**
 * An estimate between two limits. Immutable and thread-safe.
 *
 * @param estimate the best guess
 * @param low what it surely exceeds; negative infinity (or 0 for a ratio) if nothing is sure
 * @param high what it surely stays below; positive infinity if nothing is sure
 */
public record Interval(double estimate, double low, double high) {
  /**
   * The interval of the exponentials: of ratios, when this is one of logarithms of ratios.
   *
   * @return the ratio's estimate and limits
   */
  public Interval exp() {
    return new Interval(Math.exp(estimate), Math.exp(low), Math.exp(high));
  }

  /**
   * The interval of the inverses, for ratios.
   *
   * @return one by the estimate, and the limits in their new order
   */
  public Interval inverse() {
    return new Interval(1 / estimate, 1 / high, 1 / low);
  }

  /**
   * Whether both limits are numbers.
   *
   * @return false while there are too few measurements for an interval
   */
  public boolean isFinite() {
    return Double.isFinite(low) && Double.isFinite(high);
  }
}
