package dev.strata.bench.stats;

import java.util.Arrays;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * An estimate with an interval, based on Wilcoxon's signed-rank statistic. The Hodges-Lehmann
 * estimate is the median of the means of all pairs of values (Walsh averages); the interval
 * contains every shift that the signed-rank test does not reject. It only assumes that values are
 * distributed symmetrically around their centre, and is robust to outliers.
 *
 * <p>Sources: Hodges and Lehmann, <i>Estimates of Location Based on Rank Tests</i>, 1963;
 * Hollander, Wolfe and Chicken, <i>Nonparametric Statistical Methods</i>, 3rd edition, sections 3.1
 * to 3.3. Stateless and thread-safe.
 */
public final class SignedRank {
  /** Up to this number of values the distribution is exact; above, a normal one is used. */
  private static final int EXACT = 40;

  private static final NormalDistribution NORMAL = new NormalDistribution();

  private SignedRank() {}

  /**
   * Estimates the centre of a distribution.
   *
   * @param values at least one, in any order; not changed
   * @param tail the probability, on each side, that the centre lies outside the interval; such as
   *     0.025 for a 95% interval
   * @return the estimate with its interval; limits are infinite if there are too few values
   * @throws IllegalArgumentException if there are no values
   */
  public static Interval centre(double[] values, double tail) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no values");
    }
    double[] walsh = walshAverages(values);
    int middle = walsh.length / 2;
    double estimate =
        walsh.length % 2 == 1 ? walsh[middle] : (walsh[middle - 1] + walsh[middle]) / 2;
    int skip = countBelow(values.length, tail);
    if (skip < 1) {
      return new Interval(estimate, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    }
    return new Interval(estimate, walsh[skip - 1], walsh[walsh.length - skip]);
  }

  private static double[] walshAverages(double[] values) {
    int n = values.length;
    double[] walsh = new double[n * (n + 1) / 2];
    int at = 0;
    for (int i = 0; i < n; i++) {
      for (int j = i; j < n; j++) {
        walsh[at++] = (values[i] + values[j]) / 2;
      }
    }
    Arrays.sort(walsh);
    return walsh;
  }

  /**
   * Returns the largest k for which the statistic is below k with at most the given probability;
   * the k-th Walsh average is the limit then. 0 if there is none.
   */
  static int countBelow(int n, double tail) {
    return n <= EXACT ? exactCount(n, tail) : normalCount(n, tail);
  }

  private static int exactCount(int n, double tail) {
    // ways[s]: the number of subsets of the ranks 1..n with sum s, out of 2^n subsets.
    double[] ways = new double[n * (n + 1) / 2 + 1];
    ways[0] = 1;
    for (int rank = 1; rank <= n; rank++) {
      for (int sum = rank * (rank + 1) / 2; sum >= rank; sum--) {
        ways[sum] += ways[sum - rank];
      }
    }
    double all = Math.pow(2, n);
    double below = 0;
    int k = 0;
    while (k < ways.length && (below + ways[k]) / all <= tail) {
      below += ways[k];
      k++;
    }
    return k;
  }

  private static int normalCount(int n, double tail) {
    if (tail <= 0) {
      return 0;
    }
    double mean = n * (n + 1.0) / 4;
    double deviation = Math.sqrt(n * (n + 1.0) * (2.0 * n + 1) / 24);
    double z = NORMAL.inverseCumulativeProbability(1 - Math.max(tail, 1e-15));
    return (int) Math.max(0, Math.floor(mean - z * deviation));
  }
}
