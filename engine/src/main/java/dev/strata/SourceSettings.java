package dev.strata;

import dev.strata.transport.Transfer;
import dev.strata.transport.registry.RegistryOptions;

/**
 * How to read an image; each setting affects only the places it applies to. Immutable and
 * thread-safe.
 *
 * @param registry how to reach a registry
 * @param jobs how many workers read ahead for each layer of an image.json file, at least 1
 * @param listener receives an event whenever a request to a registry is retried
 * @since 0.1.0
 */
public record SourceSettings(RegistryOptions registry, int jobs, Transfer.Listener listener) {
  /**
   * Creates settings with one worker per layer and no listener.
   *
   * @param registry how to reach a registry
   * @return the settings
   */
  public static SourceSettings of(RegistryOptions registry) {
    return new SourceSettings(registry, 1, new Transfer.Listener() {});
  }

  /**
   * Sets how many workers read ahead for each layer of an image.json file.
   *
   * @param count the number of workers, at least 1
   * @return a changed copy
   */
  public SourceSettings withJobs(int count) {
    return new SourceSettings(registry, count, listener);
  }

  /**
   * Sets the listener.
   *
   * @param other receives an event whenever a request to a registry is retried
   * @return a changed copy
   */
  public SourceSettings withListener(Transfer.Listener other) {
    return new SourceSettings(registry, jobs, other);
  }
}
