package dev.strata.bench.results;

import dev.strata.bench.stats.Interval;
import dev.strata.bench.stats.Rules;
import dev.strata.bench.stats.Verdict;
import java.util.List;

/**
 * A comparison of two builds, as {@code compare} keeps it. Immutable and thread-safe.
 *
 * @param time when, in ISO 8601, UTC
 * @param base the name of the first build
 * @param candidate the name of the second
 * @param machine where
 * @param rules by which rules it was judged
 * @param workloads what was compared
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
   * @param verdict what was found
   * @param wall candidate by base, of wall time
   * @param cpu of processor time
   * @param peak of peak memory
   * @param base what the first build took, pair by pair
   * @param candidate what the second took
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
     * How many pairs were run.
     *
     * @return a number
     */
    public int pairs() {
      return base.wallNanos().size();
    }
  }

  /**
   * The verdict on all workloads.
   *
   * @return a regression if there is one anywhere, else undecided if there is one such, else an
   *     improvement if there is one
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
