package dev.strata.bench.results;

/** A line of the results file. */
public sealed interface Entry permits RecordedRun, Comparison {
  /**
   * Returns the time of the measurement.
   *
   * @return the time in ISO 8601, UTC
   */
  String time();
}
