package dev.strata.bench.stats;

import java.util.Arrays;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Distributes a probability of false alarm over several looks at growing data, so that a test may
 * stop at any look without exceeding that probability.
 *
 * <p>Follows Lan and DeMets, <i>Discrete Sequential Boundaries for Clinical Trials</i>, 1983, with
 * their O'Brien-Fleming type spending function: almost nothing is spent at early looks and almost
 * everything at the last, so that the last look is nearly as powerful as a test with a single look.
 * The amount to spend depends on the elapsed time, the correlation of looks on the data they share
 * (Lan and DeMets, <i>Group Sequential Procedures: Calendar versus Information Time</i>, 1989), so
 * that the total amount of data need not be known in advance. Boundaries are computed by the
 * recursive integration of Armitage, McPherson and Rowe, <i>Repeated Significance Tests on
 * Accumulating Data</i>, 1969. Not thread-safe.
 */
public final class SpendingPlan {
  private static final NormalDistribution NORMAL = new NormalDistribution();

  /** The lower limit of integration, in standard deviations. */
  private static final double LOWEST = -8;

  private static final int STEPS = 400;
  private static final int HALVINGS = 40;

  private final double alpha;
  private double spent;
  private double data;

  /**
   * The support of the density of the test statistic's path at the last look, given that it has not
   * crossed a boundary.
   */
  private double[] at = {0};

  private double[] weight = {1};

  /**
   * Creates a plan.
   *
   * @param alpha the one-sided probability of a false alarm over all looks, such as 0.01
   * @throws IllegalArgumentException if it is not between 0 and 0.5
   */
  public SpendingPlan(double alpha) {
    if (!(alpha > 0 && alpha < 0.5)) {
      throw new IllegalArgumentException("alpha must be between 0 and 0.5, got " + alpha);
    }
    this.alpha = alpha;
  }

  /**
   * Returns the probability that may be spent up to a point in time.
   *
   * @param share the elapsed share of the time, from 0 to 1
   * @return the probability; {@code alpha} at 1
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
   * @param amount the amount of data, such as the number of pairs; must have grown since the last
   *     look
   * @param share the elapsed share of the time, from 0 to 1; 1 spends everything that is left
   * @return the one-sided tail probability at this look's boundary of a test with a single look,
   *     for {@link SignedRank#centre}; almost 0 if nothing may be spent yet
   * @throws IllegalArgumentException if the amount of data has not grown
   */
  public double look(double amount, double share) {
    if (amount <= data) {
      throw new IllegalArgumentException(
          "the amount of data must grow, got " + amount + " after " + data);
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

  /** Returns the boundary that a path crosses at this look with probability {@code chance}. */
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

  /** Advances the density to this look, without the paths that crossed the boundary. */
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
