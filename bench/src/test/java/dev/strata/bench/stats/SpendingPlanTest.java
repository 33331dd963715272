package dev.strata.bench.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.commons.math3.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;

class SpendingPlanTest {
  private static final NormalDistribution NORMAL = new NormalDistribution();

  /** Boundaries from gsDesign 3 and Jennison and Turnbull (2000): one-sided 0.025, 5 looks. */
  @Test
  void agreesWithPublishedBoundaries() {
    SpendingPlan plan = new SpendingPlan(0.025);
    double[] published = {4.877, 3.357, 2.680, 2.290, 2.031};
    for (int look = 1; look <= 5; look++) {
      double tail = plan.look(20 * look, look / 5.0);
      double z = NORMAL.inverseCumulativeProbability(1 - tail);
      assertEquals(published[look - 1], z, look == 1 ? 0.01 : 0.005, "look " + look);
    }
  }

  @Test
  void singleLookIsAnOrdinaryTest() {
    assertEquals(0.01, new SpendingPlan(0.01).look(30, 1), 1e-5);
  }

  @Test
  void spendsByTimeRegardlessOfTheAmountOfData() {
    SpendingPlan plan = new SpendingPlan(0.01);
    double early = plan.look(40, 0.4);
    double last = plan.look(60, 1);

    assertTrue(early < 0.001, "early " + early);
    assertTrue(last > 0.0095 && last <= 0.01, "last " + last);
  }

  @Test
  void rejectsALookWithoutNewData() {
    SpendingPlan plan = new SpendingPlan(0.01);
    plan.look(50, 0.5);

    assertThrows(IllegalArgumentException.class, () -> plan.look(50, 1));
    assertThrows(IllegalArgumentException.class, () -> new SpendingPlan(0.7));
  }
}
