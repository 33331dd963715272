package dev.strata.bench.results;

import dev.strata.bench.process.ProcessUsage;
import dev.strata.bench.run.Series;
import java.util.List;

/**
 * The figures of all runs of one contender on one workload, as recorded in a results file.
 * Immutable and thread-safe.
 *
 * @param wallNanos the wall time of each run in nanoseconds, in the order of rounds
 * @param userNanos the user time of each run in nanoseconds
 * @param systemNanos the system time of each run in nanoseconds
 * @param peakBytes the peak memory of each run in bytes
 */
public record Figures(
    List<Long> wallNanos, List<Long> userNanos, List<Long> systemNanos, List<Long> peakBytes) {
  /** Copies the lists. */
  public Figures {
    wallNanos = List.copyOf(wallNanos);
    userNanos = List.copyOf(userNanos);
    systemNanos = List.copyOf(systemNanos);
    peakBytes = List.copyOf(peakBytes);
  }

  /**
   * Returns the figures of a series.
   *
   * @param series the runs
   * @return their figures
   */
  public static Figures of(Series series) {
    List<ProcessUsage> runs = series.runs();
    return new Figures(
        runs.stream().map(ProcessUsage::wallNanos).toList(),
        runs.stream().map(ProcessUsage::userNanos).toList(),
        runs.stream().map(ProcessUsage::systemNanos).toList(),
        runs.stream().map(ProcessUsage::peakBytes).toList());
  }

  /**
   * Returns the wall times.
   *
   * @return wall times in seconds
   */
  public double[] wallSeconds() {
    return wallNanos.stream().mapToDouble(n -> n / 1e9).toArray();
  }

  /**
   * Returns the sums of user and system times.
   *
   * @return processor times in seconds
   */
  public double[] cpuSeconds() {
    double[] out = new double[Math.min(userNanos.size(), systemNanos.size())];
    for (int i = 0; i < out.length; i++) {
      out[i] = (userNanos.get(i) + systemNanos.get(i)) / 1e9;
    }
    return out;
  }

  /**
   * Returns the peak memory.
   *
   * @return peak memory in MiB
   */
  public double[] peakMebibytes() {
    return peakBytes.stream().mapToDouble(n -> n / 1048576.0).toArray();
  }
}
