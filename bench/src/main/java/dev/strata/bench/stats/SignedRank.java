package dev.strata.bench.stats;

import java.util.Arrays;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Wilcoxon's signed-rank statistic turned into an estimate with an interval: the Hodges-Lehmann
 * estimate is the median of the means of all pairs of values (Walsh averages), and the interval
 * holds every shift that the signed-rank test does not reject. Nothing is assumed of the values but
 * that they lie symmetrically around their centre, and a few wild ones move the result little.
 *
 * <p>Sources: Hodges and Lehmann, <i>Estimates of Location Based on Rank Tests</i>, 1963;
 * Hollander, Wolfe and Chicken, <i>Nonparametric Statistical Methods</i>, 3rd edition, sections 3.1
 * to 3.3. Stateless and thread-safe.
 */
public final class SignedRank {
  /** Up to here the distribution is counted out; beyond, the normal one is as good. */
  private static final int EXACT = 40;

  private static final NormalDistribution NORMAL = new NormalDistribution();

  private SignedRank() {}

  /**
   * Estimates the centre of values.
   *
   * @param values at least one, in any order; not changed
   * @param tail the chance that the centre lies below the lower limit, and as much for the upper;
   *     such as 0.025 for an interval of 95%
   * @return the estimate and the limits; infinite limits if there are too few values for so small a
   *     chance
   * @throws IllegalArgumentException if there is no value
   */
  public static Interval centre(double[] values, double tail) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no value, so no centre");
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
   * The largest k for which the statistic is below k with at most the given chance: the k-th Walsh
   * average is then the limit. 0 if there is none.
   */
  static int countBelow(int n, double tail) {
    return n <= EXACT ? exactCount(n, tail) : normalCount(n, tail);
  }

  private static int exactCount(int n, double tail) {
    // ways[s]: how many subsets of the ranks 1..n have the sum s; each is one of 2^n sign patterns.
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
