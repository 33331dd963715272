package dev.strata.bench.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class SamplesTest {
  private static final double[] VALUES = {9, 1, 3, 7};

  @Test
  void quantilesLieBetweenOrderStatistics() {
    assertEquals(5, Samples.median(VALUES));
    assertEquals(2.5, Samples.quantile(VALUES, 0.25));
    assertEquals(9, Samples.quantile(VALUES, 1));
    assertEquals(1, Samples.quantile(new double[] {1}, 0.75));
    assertThrows(IllegalArgumentException.class, () -> Samples.median(new double[0]));
  }

  @Test
  void spreadIsHalfTheInterquartileRangeRelativeToTheMedian() {
    assertEquals((7.5 - 2.5) / 2 / 5, Samples.spread(VALUES), 1e-12);
    assertEquals(0, Samples.spread(new double[] {0, 0}));
  }

  /** Conover, table A3: the 4th and 12th of 15 values enclose the median with 96.5% confidence. */
  @Test
  void medianIntervalComesFromOrderStatistics() {
    double[] values = new double[15];
    java.util.Arrays.setAll(values, i -> i + 1);

    Interval i = Samples.medianInterval(values, 0.95);

    assertEquals(new Interval(8, 4, 12), i);
  }

  @Test
  void medianIntervalOfFewValuesIsTheirRange() {
    assertEquals(new Interval(2, 1, 3), Samples.medianInterval(new double[] {3, 1, 2}, 0.95));
    assertEquals(new Interval(4, 4, 4), Samples.medianInterval(new double[] {4}, 0.95));
  }
}
