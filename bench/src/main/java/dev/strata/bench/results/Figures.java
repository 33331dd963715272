package dev.strata.bench.results;

import dev.strata.bench.process.ProcessUsage;
import dev.strata.bench.run.Series;
import java.util.List;

/**
 * All runs of one contender on one workload, as the results file keeps them: nothing is averaged
 * away. Immutable and thread-safe.
 *
 * @param wallNanos wall time of each run, in nanoseconds, in the order of rounds
 * @param userNanos user time of each, in nanoseconds
 * @param systemNanos system time of each, in nanoseconds
 * @param peakBytes peak memory of each, in bytes
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
   * Takes the figures of a series.
   *
   * @param series its runs
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
   * Wall times.
   *
   * @return seconds
   */
  public double[] wallSeconds() {
    return wallNanos.stream().mapToDouble(n -> n / 1e9).toArray();
  }

  /**
   * Processor times, user and system together.
   *
   * @return seconds
   */
  public double[] cpuSeconds() {
    double[] out = new double[Math.min(userNanos.size(), systemNanos.size())];
    for (int i = 0; i < out.length; i++) {
      out[i] = (userNanos.get(i) + systemNanos.get(i)) / 1e9;
    }
    return out;
  }

  /**
   * Peak memory.
   *
   * @return MiB
   */
  public double[] peakMebibytes() {
    return peakBytes.stream().mapToDouble(n -> n / 1048576.0).toArray();
  }
}
