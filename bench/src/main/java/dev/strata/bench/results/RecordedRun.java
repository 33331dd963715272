package dev.strata.bench.results;

import java.util.List;

/**
 * A measurement of one build, as recorded by {@code record}. Immutable and thread-safe.
 *
 * @param time the time in ISO 8601, UTC
 * @param commit the commit of the build, or another name for it
 * @param machine the machine it was measured on
 * @param workloads the results
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
   * @param strata the figures of the build
   * @param yardstick the figures of walk-tar-hash in the same rounds; if they change too, the
   *     machine is the cause
   */
  public record Measured(String name, List<String> digests, Figures strata, Figures yardstick) {
    /** Copies the list. */
    public Measured {
      digests = List.copyOf(digests);
    }
  }
}
