package dev.strata.bench.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class RulesTest {
  private static final Rules RULES = Rules.DEFAULT;

  @Test
  void regressionRequiresTheWholeIntervalAboveTheTolerance() {
    assertEquals(Verdict.REGRESSION, RULES.judge(new Interval(1.03, 1.011, 1.05)));
    assertEquals(Verdict.UNDECIDED, RULES.judge(new Interval(1.03, 1.009, 1.05)));
  }

  @Test
  void noRegressionRequiresThatTheSlowdownIsRuledOut() {
    assertEquals(Verdict.NO_REGRESSION, RULES.judge(new Interval(1.005, 0.98, 1.029)));
    assertEquals(Verdict.UNDECIDED, RULES.judge(new Interval(1.005, 0.98, 1.031)));
    assertEquals(Verdict.IMPROVEMENT, RULES.judge(new Interval(0.95, 0.92, 0.985)));
    assertEquals(Verdict.UNDECIDED, RULES.judge(new Interval(1, 0, Double.POSITIVE_INFINITY)));
  }

  @Test
  void moreProcessorTimeIsARegressionUnlessWallTimeImproves() {
    assertEquals(Verdict.REGRESSION, Rules.combine(Verdict.NO_REGRESSION, Verdict.REGRESSION));
    assertEquals(Verdict.IMPROVEMENT, Rules.combine(Verdict.IMPROVEMENT, Verdict.REGRESSION));
    assertEquals(Verdict.REGRESSION, Rules.combine(Verdict.REGRESSION, Verdict.IMPROVEMENT));
  }

  @Test
  void isUndecidedIfOneMeasureIs() {
    assertEquals(Verdict.UNDECIDED, Rules.combine(Verdict.NO_REGRESSION, Verdict.UNDECIDED));
    assertEquals(Verdict.UNDECIDED, Rules.combine(Verdict.UNDECIDED, Verdict.NO_REGRESSION));
    assertEquals(
        Verdict.NO_REGRESSION, Rules.combine(Verdict.NO_REGRESSION, Verdict.NO_REGRESSION));
  }

  @Test
  void rejectsContradictoryRules() {
    assertThrows(IllegalArgumentException.class, () -> new Rules(0.03, 0.01, 0.01));
    assertThrows(IllegalArgumentException.class, () -> new Rules(0.01, 0.03, 0));
  }
}
