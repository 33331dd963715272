package dev.strata.bench.process;

/**
 * The resource usage and exit code of a command. Immutable and thread-safe.
 *
 * @param wallNanos the time from just before its start to its end, in nanoseconds; includes about a
 *     millisecond for starting it
 * @param userNanos user mode processor time of the command and all its children, in nanoseconds
 * @param systemNanos kernel mode processor time of the same, in nanoseconds
 * @param peakBytes the largest resident set of the command or one of its children, in bytes
 * @param exitCode its exit code, or 128 plus the number of the signal that ended it
 */
public record ProcessUsage(
    long wallNanos, long userNanos, long systemNanos, long peakBytes, int exitCode) {
  /**
   * Returns user and system time together: the kernel measures the sum exactly, and splits it by
   * sampling.
   *
   * @return processor time in nanoseconds
   */
  public long cpuNanos() {
    return userNanos + systemNanos;
  }
}
