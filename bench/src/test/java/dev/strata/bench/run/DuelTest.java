package dev.strata.bench.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.bench.process.ProcessUsage;
import dev.strata.bench.stats.Rules;
import dev.strata.bench.stats.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DuelTest {
  private static final Duration TIME = Duration.ofSeconds(270);
  private static final int TRIALS = 60;

  /** The noise of wall time and processor time of a single run. */
  private static final double WALL = 0.04;

  private static final double CPU = 0.025;

  private static Duel.Outcome fight(Noise noise) {
    Duel duel = new Duel(Rules.DEFAULT, 1, TIME, noise::nanoTime, _ -> {});
    return duel.fight(noise::pair);
  }

  private static int regressions(double slowDown) {
    int found = 0;
    for (int seed = 0; seed < TRIALS; seed++) {
      Noise noise = new Noise(seed, WALL, CPU, slowDown);
      found += fight(noise).verdict() == Verdict.REGRESSION ? 1 : 0;
    }
    return found;
  }

  @Test
  void equalBuildsAreNoRegression() {
    assertEquals(0, regressions(0));
  }

  @Test
  void detectsASlowdownOfThreePercent() {
    int found = regressions(0.03);

    assertTrue(found >= 57, found + " of " + TRIALS);
  }

  @Test
  void falseAlarmsWithinTheToleranceDoNotExceedAlpha() {
    int found = regressions(0.01);

    // The expectation is below 1; the probability of 4 or more is 1 in 300.
    assertTrue(found <= 3, found + " of " + TRIALS);
  }

  @Test
  void respectsTheTimeLimitAndStopsEarlyWhenTheResultIsClear() {
    Noise slow = new Noise(1, WALL, CPU, 0.2);
    Duel.Outcome clear = fight(slow);
    Noise noisy = new Noise(2, 0.3, 0.3, 0);
    Duel.Outcome unclear = fight(noisy);

    assertEquals(Verdict.REGRESSION, clear.verdict());
    assertTrue(slow.nanoTime() < TIME.dividedBy(3).toNanos(), clear::toString);
    assertEquals(Verdict.UNDECIDED, unclear.verdict());
    assertTrue(noisy.nanoTime() < TIME.plusSeconds(5).toNanos(), unclear::toString);
  }

  @Test
  void reportsAFasterBuildAsAnImprovement() {
    assertEquals(Verdict.IMPROVEMENT, fight(new Noise(3, WALL, CPU, -0.1)).verdict());
  }

  @Test
  void lessWallTimeForMoreProcessorTimeIsNoRegression() {
    Noise noise = new Noise(4, WALL, CPU, 0);
    Duel duel = new Duel(Rules.DEFAULT, 1, TIME, noise::nanoTime, _ -> {});

    Duel.Outcome outcome =
        duel.fight(() -> {
          List<ProcessUsage> pair = noise.pair();
          ProcessUsage c = pair.get(1);
          return List.of(
              pair.get(0),
              new ProcessUsage(
                  c.wallNanos() * 7 / 10, c.userNanos() * 11 / 10, c.systemNanos(), 1, 0));
        });

    assertEquals(Verdict.IMPROVEMENT, outcome.verdict());
  }

  /** On a machine this slow, there is time for a single pair, which permits no verdict. */
  @Test
  void isUndecidedAfterASinglePair() {
    List<Duel.Outcome> looks = new ArrayList<>();
    Noise noise = new Noise(5, WALL, CPU, 0.5);
    Duel duel = new Duel(Rules.DEFAULT, 1, Duration.ofSeconds(1), noise::nanoTime, looks::add);

    Duel.Outcome outcome = duel.fight(noise::pair);

    assertEquals(1, outcome.pairs());
    assertEquals(Verdict.UNDECIDED, outcome.verdict());
    assertEquals(1, looks.size());
  }
}
