package dev.strata.bench.stats;

import java.util.Arrays;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Spends a chance of false alarm over several looks at growing data, so that a test may stop at any
 * look and still errs no more often than it says.
 *
 * <p>Lan and DeMets, <i>Discrete Sequential Boundaries for Clinical Trials</i>, 1983, with their
 * spending function in the manner of O'Brien and Fleming: next to nothing at early looks, almost
 * all at the last, so that the last look is nearly as sharp as a test with one look. What may be
 * spent is a matter of the time that has passed, how looks hang together one of the data they share
 * (Lan and DeMets, <i>Group Sequential Procedures: Calendar versus Information Time</i>, 1989): so
 * nobody has to know beforehand how much data the time will bring. The boundaries come from the
 * recursive integration of Armitage, McPherson and Rowe, <i>Repeated Significance Tests on
 * Accumulating Data</i>, 1969. Not thread-safe.
 */
public final class SpendingPlan {
  private static final NormalDistribution NORMAL = new NormalDistribution();

  /** Below this many standard deviations nothing is left to integrate. */
  private static final double LOWEST = -8;

  private static final int STEPS = 400;
  private static final int HALVINGS = 40;

  private final double alpha;
  private double spent;
  private double data;

  /**
   * The density of the test's path at the last look, for paths that have not crossed a boundary.
   */
  private double[] at = {0};

  private double[] weight = {1};

  /**
   * Starts a plan.
   *
   * @param alpha the chance of a false alarm on one side over all looks, such as 0.01
   * @throws IllegalArgumentException if it is not between 0 and 0.5
   */
  public SpendingPlan(double alpha) {
    if (!(alpha > 0 && alpha < 0.5)) {
      throw new IllegalArgumentException("alpha is " + alpha + ": give a chance from 0 to 0.5");
    }
    this.alpha = alpha;
  }

  /**
   * The chance that may be spent up to a point.
   *
   * @param share how much of the time has passed, from 0 to 1
   * @return the chance, {@code alpha} at 1
   */
  double spentAt(double share) {
    if (share >= 1) {
      return alpha;
    }
    if (share <= 0) {
      return 0;
    }
    double z = NORMAL.inverseCumulativeProbability(1 - alpha / 2);
    return 2 * (1 - NORMAL.cumulativeProbability(z / Math.sqrt(share)));
  }

  /**
   * Takes the next look.
   *
   * @param amount how much data there is, such as the number of pairs; more than at the last look
   * @param share how much of the time has passed, from 0 to 1; at the last look, all that is left
   *     is spent if this is 1
   * @return the chance, on one side, that a test of one look would have at this look's boundary:
   *     the tail for {@link SignedRank#centre}; next to 0 if nothing can be spent yet
   * @throws IllegalArgumentException if there is no more data than at the last look
   */
  public double look(double amount, double share) {
    if (amount <= data) {
      throw new IllegalArgumentException(
          "a look at " + amount + " of the data cannot follow one at " + data);
    }
    double total = Math.max(spent, spentAt(share));
    double step = Math.sqrt(amount - data);
    double scale = Math.sqrt(amount);
    double boundary = boundary(total - spent, step, scale);
    advance(boundary, step, scale);
    spent = total;
    data = amount;
    return 1 - NORMAL.cumulativeProbability(boundary / scale);
  }

  /** Where the path must not go, so that just {@code chance} of all paths go there now. */
  private double boundary(double chance, double step, double scale) {
    double low = LOWEST * scale;
    double high = -low;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      double crossing = 0;
      for (int j = 0; j < at.length; j++) {
        crossing += weight[j] * (1 - NORMAL.cumulativeProbability((middle - at[j]) / step));
      }
      if (crossing > chance) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /** Moves the density on to this look, without the paths that crossed the boundary. */
  private void advance(double boundary, double step, double scale) {
    double from = LOWEST * scale;
    double width = (boundary - from) / STEPS;
    double[] nextAt = new double[STEPS];
    double[] next = new double[STEPS];
    Arrays.setAll(nextAt, i -> from + (i + 0.5) * width);
    for (int i = 0; i < STEPS; i++) {
      double density = 0;
      for (int j = 0; j < at.length; j++) {
        double z = (nextAt[i] - at[j]) / step;
        density += weight[j] * Math.exp(-z * z / 2);
      }
      next[i] = density * width / (step * Math.sqrt(2 * Math.PI));
    }
    at = nextAt;
    weight = next;
  }
}
