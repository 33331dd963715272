package dev.strata.bench.cores;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import org.junit.jupiter.api.Test;

class FitTest {
  private final double[] first = {1, 2, 3, 10};
  private final double[] second = {5, 1, 7, 2};

  private double[] times(double a, double b) {
    double[] times = new double[first.length];
    for (int i = 0; i < times.length; i++) {
      times[i] = a * first[i] + b * second[i];
    }
    return times;
  }

  @Test
  void findsBothCosts() {
    assertArrayEquals(new double[] {3, 2}, Fit.of(times(3, 2), first, second), 1e-9);
  }

  @Test
  void aCostIsNeverNegative() {
    double[] costs = Fit.of(times(-0.1, 2), first, second);
    assertArrayEquals(new double[] {0, 2}, costs, 0.1);
    assertArrayEquals(new double[] {3, 0}, Fit.of(times(3, -0.1), first, second), 0.2);
  }
}
