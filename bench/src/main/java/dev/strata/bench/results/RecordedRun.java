package dev.strata.bench.results;

import java.util.List;

/**
 * A run of one build over workloads, as {@code record} keeps it. Immutable and thread-safe.
 *
 * @param time when, in ISO 8601, UTC
 * @param commit the commit the build was made from, or another name for it
 * @param machine where
 * @param workloads what was measured
 */
public record RecordedRun(String time, String commit, Machine machine, List<Measured> workloads)
    implements Entry {
  /** Copies the list. */
  public RecordedRun {
    workloads = List.copyOf(workloads);
  }

  /**
   * One workload of a run.
   *
   * @param name the workload's name
   * @param digests the digests of the layers
   * @param strata what the build took
   * @param yardstick what walk-tar-hash took in the same rounds: when it changes too, it was the
   *     machine
   */
  public record Measured(String name, List<String> digests, Figures strata, Figures yardstick) {
    /** Copies the list. */
    public Measured {
      digests = List.copyOf(digests);
    }
  }
}
