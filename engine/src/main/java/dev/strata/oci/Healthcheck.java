package dev.strata.oci;

import java.util.List;

/**
 * How a container is checked: {@code Healthcheck} in Docker's image configuration, which Podman and
 * nerdctl read, too. The OCI image specification 1.1 reserves the name. Zero and an empty test mean
 * "not set". Immutable and thread-safe.
 *
 * @param test {@code CMD} and a command, {@code CMD-SHELL} and a line for the shell, or {@code
 *     NONE}
 * @param interval the time between two checks, in nanoseconds
 * @param timeout the time a check may take, in nanoseconds
 * @param startPeriod the time in which failures do not count, in nanoseconds
 * @param startInterval the time between two checks in that time, in nanoseconds
 * @param retries the number of failures in a row that make a container unhealthy
 * @since 0.1.0
 */
public record Healthcheck(
    List<String> test,
    long interval,
    long timeout,
    long startPeriod,
    long startInterval,
    long retries) {
  /** Copies the test. */
  public Healthcheck {
    test = List.copyOf(test);
  }
}
