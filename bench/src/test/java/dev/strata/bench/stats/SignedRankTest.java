package dev.strata.bench.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SignedRankTest {
  /** Hollander, Wolfe and Chicken, table A.4: P(T+ >= 39) = 0.027 for n = 9, so 45 - 39 + 1. */
  @Test
  void agreesWithTheTableOfTheExactDistribution() {
    assertEquals(6, SignedRank.countBelow(9, 0.02));
    assertEquals(7, SignedRank.countBelow(9, 0.0274));
    // With five values, the probability of the smallest rank sum is 1 in 32.
    assertEquals(1, SignedRank.countBelow(5, 0.032));
    assertEquals(0, SignedRank.countBelow(5, 0.031));
  }

  /** The depression scale of Hollander and Wolfe, example 3.1; estimate from example 3.3. */
  @Test
  void agreesWithATextbookExample() {
    double[] before = {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
    double[] after = {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
    double[] differences = new double[9];
    Arrays.setAll(differences, i -> after[i] - before[i]);

    // R: wilcox.test(after - before, conf.int = TRUE, conf.level = 0.95)
    Interval centre = SignedRank.centre(differences, 0.025);

    assertEquals(-0.46, centre.estimate(), 1e-9);
    assertEquals(-0.786, centre.low(), 1e-9);
    assertEquals(-0.010, centre.high(), 1e-9);
  }

  @Test
  void hasNoLimitsWithTooFewValues() {
    Interval centre = SignedRank.centre(new double[] {1, 2, 3, 4}, 0.025);

    assertEquals(2.5, centre.estimate());
    assertFalse(centre.isFinite());
  }

  @Test
  void isRobustToOutliers() {
    double[] values = new double[30];
    Arrays.setAll(values, i -> 1 + i / 1000.0);
    double calm = SignedRank.centre(values, 0.025).estimate();
    values[29] = 1000;

    assertEquals(calm, SignedRank.centre(values, 0.025).estimate(), 0.002);
  }

  @Test
  void coversTheCentreWithTheStatedProbability() {
    Random random = new Random(7);
    for (int n : new int[] {15, 60}) {
      int covered = 0;
      for (int trial = 0; trial < 2000; trial++) {
        double[] values = new double[n];
        Arrays.setAll(values, _ -> random.nextGaussian() + 5);
        Interval i = SignedRank.centre(values, 0.05);
        covered += i.low() <= 5 && 5 <= i.high() ? 1 : 0;
      }
      assertTrue(covered > 1760 && covered < 1860, n + " values: " + covered + " of 2000");
    }
  }
}
