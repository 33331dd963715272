package dev.strata.bench.results;

import dev.strata.bench.stats.Interval;
import dev.strata.bench.stats.Rules;
import dev.strata.bench.stats.Verdict;
import java.util.List;

/**
 * A comparison of two builds, as recorded by {@code compare}. Immutable and thread-safe.
 *
 * @param time the time in ISO 8601, UTC
 * @param base the name of the first build
 * @param candidate the name of the second build
 * @param machine the machine it was measured on
 * @param rules the rules for the verdict
 * @param workloads the results
 */
public record Comparison(
    String time,
    String base,
    String candidate,
    Machine machine,
    Rules rules,
    List<Compared> workloads)
    implements Entry {
  /** Copies the list. */
  public Comparison {
    workloads = List.copyOf(workloads);
  }

  /**
   * One workload of a comparison.
   *
   * @param name the workload's name
   * @param verdict the verdict
   * @param wall the ratio of wall times, candidate to base
   * @param cpu the ratio of processor times
   * @param peak the ratio of peak memory
   * @param base the figures of the first build, pair by pair
   * @param candidate the figures of the second build
   */
  public record Compared(
      String name,
      Verdict verdict,
      Interval wall,
      Interval cpu,
      Interval peak,
      Figures base,
      Figures candidate) {
    /**
     * Returns the number of pairs.
     *
     * @return the number of pairs
     */
    public int pairs() {
      return base.wallNanos().size();
    }
  }

  /**
   * Returns the verdict on all workloads together.
   *
   * @return the first of regression, undecided and improvement that is the verdict on any workload;
   *     otherwise no regression
   */
  public Verdict verdict() {
    for (Verdict v : List.of(Verdict.REGRESSION, Verdict.UNDECIDED, Verdict.IMPROVEMENT)) {
      if (workloads.stream().anyMatch(w -> w.verdict() == v)) {
        return v;
      }
    }
    return Verdict.NO_REGRESSION;
  }
}
