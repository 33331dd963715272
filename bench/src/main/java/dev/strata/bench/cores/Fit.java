package dev.strata.bench.cores;

/** Least squares for times that consist of two costs, neither of which is negative. Stateless. */
final class Fit {
  private Fit() {}

  /**
   * Finds the costs.
   *
   * @param times the times
   * @param first how often the first cost is in each of them
   * @param second how often the second cost is
   * @return the two costs
   */
  static double[] of(double[] times, double[] first, double[] second) {
    double aa = dot(first, first);
    double ab = dot(first, second);
    double bb = dot(second, second);
    double at = dot(first, times);
    double bt = dot(second, times);
    double determinant = aa * bb - ab * ab;
    double a = determinant == 0 ? 0 : (at * bb - bt * ab) / determinant;
    double b = determinant == 0 ? bt / bb : (bt * aa - at * ab) / determinant;
    if (a < 0) {
      return new double[] {0, bt / bb};
    }
    return b < 0 ? new double[] {at / aa, 0} : new double[] {a, b};
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
