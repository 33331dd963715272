package dev.strata.bench.results;

/** A line of the results file. */
public sealed interface Entry permits RecordedRun, Comparison {
  /**
   * When it was measured.
   *
   * @return ISO 8601, UTC
   */
  String time();
}
