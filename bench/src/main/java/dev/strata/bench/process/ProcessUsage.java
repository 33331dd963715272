package dev.strata.bench.process;

/**
 * What a command cost. Immutable and thread-safe.
 *
 * @param wallNanos from just before it was started until it had ended, in nanoseconds; about a
 *     millisecond of it is the start itself
 * @param userNanos processor time in user mode of it and all its children, in nanoseconds
 * @param systemNanos processor time in the kernel, likewise
 * @param peakBytes the largest resident set of it or one of its children, in bytes
 * @param exitCode its exit code, or 128 and the signal that ended it
 */
public record ProcessUsage(
    long wallNanos, long userNanos, long systemNanos, long peakBytes, int exitCode) {
  /**
   * User and system time together: the kernel measures the sum to the nanosecond, and shares it out
   * by sampling.
   *
   * @return processor time in nanoseconds
   */
  public long cpuNanos() {
    return userNanos + systemNanos;
  }
}
