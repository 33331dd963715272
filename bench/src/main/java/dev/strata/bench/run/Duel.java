package dev.strata.bench.run;

import dev.strata.bench.process.ProcessUsage;
import dev.strata.bench.stats.Interval;
import dev.strata.bench.stats.PairedTest;
import dev.strata.bench.stats.Rules;
import dev.strata.bench.stats.SpendingPlan;
import dev.strata.bench.stats.Verdict;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Compares two builds on one workload: runs them in pairs until the verdict is clear or the time is
 * up. Not thread-safe.
 *
 * <p>The test looks at the pairs after each tenth of the time and may stop at any look; see {@link
 * SpendingPlan}.
 */
public final class Duel {
  private static final int MOST_PAIRS = 1000;
  private static final int LOOKS = 10;
  private static final int MEASURES = 2;

  /** Runs both builds. */
  @FunctionalInterface
  public interface Pairs {
    /**
     * Runs a pair.
     *
     * @return the usage of base and candidate
     */
    List<ProcessUsage> next();
  }

  /**
   * The result of a comparison.
   *
   * @param verdict the verdict
   * @param wall the ratio of wall times, candidate to base, with its interval
   * @param cpu the ratio of processor times
   * @param pairs the number of pairs
   */
  public record Outcome(Verdict verdict, Interval wall, Interval cpu, int pairs) {}

  private final Rules rules;
  private final Duration time;
  private final LongSupplier nanoTime;
  private final Consumer<Outcome> looks;
  private final SpendingPlan plan;
  private final PairedTest wall = new PairedTest();
  private final PairedTest cpu = new PairedTest();

  /**
   * Prepares a comparison.
   *
   * @param rules the rules for the verdict
   * @param shares the number of comparisons that share the probability of error
   * @param time the time limit
   * @param nanoTime the clock, such as {@code System::nanoTime}
   * @param looks receives the intermediate result of each look
   */
  public Duel(
      Rules rules, int shares, Duration time, LongSupplier nanoTime, Consumer<Outcome> looks) {
    this.rules = rules;
    this.time = time;
    this.nanoTime = nanoTime;
    this.looks = looks;
    this.plan = new SpendingPlan(rules.alpha() / (shares * MEASURES));
  }

  /**
   * Runs pairs until there is a verdict.
   *
   * @param pairs runs a pair
   * @return the result
   */
  public Outcome fight(Pairs pairs) {
    long start = nanoTime.getAsLong();
    int tenth = 1;
    while (true) {
      double share;
      do {
        add(pairs.next());
        share = (double) (nanoTime.getAsLong() - start) / time.toNanos();
      } while (share * LOOKS < tenth && wall.count() < MOST_PAIRS);
      boolean last = share >= 1 || wall.count() >= MOST_PAIRS;
      Outcome outcome = look(last ? 1 : share);
      looks.accept(outcome);
      if (last || outcome.verdict() != Verdict.UNDECIDED) {
        return outcome;
      }
      tenth = 1 + (int) (share * LOOKS);
    }
  }

  private void add(List<ProcessUsage> pair) {
    ProcessUsage base = pair.get(0);
    ProcessUsage candidate = pair.get(1);
    wall.add((double) base.wallNanos(), (double) candidate.wallNanos());
    cpu.add(Math.max(1.0, (double) base.cpuNanos()), Math.max(1.0, (double) candidate.cpuNanos()));
  }

  private Outcome look(double share) {
    double tail = plan.look(wall.count(), share);
    Interval wallRatio = wall.look(tail);
    Interval cpuRatio = cpu.look(tail);
    Verdict verdict = Rules.combine(rules.judge(wallRatio), rules.judge(cpuRatio));
    return new Outcome(verdict, wallRatio, cpuRatio, wall.count());
  }
}
