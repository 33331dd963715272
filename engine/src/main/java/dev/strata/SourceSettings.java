package dev.strata;

import dev.strata.transport.Transfer;
import dev.strata.transport.registry.RegistryOptions;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How to read an image; each setting affects only the places it applies to. Immutable and
 * thread-safe.
 *
 * @param registry how to reach a registry, also that of base layers which are not on this machine
 * @param jobs how many workers read ahead for each layer of an image.json file, at least 1
 * @param listener receives an event whenever a request to a registry is retried, and may cancel
 *     reading
 * @param dockerHost the address of the Docker daemon, in the form of {@code DOCKER_HOST}; null for
 *     Docker's default socket
 * @param temporaryFolder where an image of a daemon is stored while it is read; null for the JVM's
 *     folder for temporary files
 * @since 0.1.0
 */
public record SourceSettings(
    RegistryOptions registry,
    int jobs,
    Transfer.Listener listener,
    @Nullable String dockerHost,
    @Nullable Path temporaryFolder) {
  /**
   * Creates settings for Docker's default socket and the JVM's folder for temporary files.
   *
   * @param registry how to reach a registry
   * @param jobs how many workers read ahead for each layer of an image.json file, at least 1
   * @param listener receives an event whenever a request to a registry is retried
   */
  public SourceSettings(RegistryOptions registry, int jobs, Transfer.Listener listener) {
    this(registry, jobs, listener, null, null);
  }

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
    return new SourceSettings(registry, count, listener, dockerHost, temporaryFolder);
  }

  /**
   * Sets how to reach a registry.
   *
   * @param options the options
   * @return a changed copy
   */
  public SourceSettings withRegistry(RegistryOptions options) {
    return new SourceSettings(options, jobs, listener, dockerHost, temporaryFolder);
  }

  /**
   * Sets the listener.
   *
   * @param other receives an event whenever a request to a registry is retried, and may cancel
   *     reading
   * @return a changed copy
   */
  public SourceSettings withListener(Transfer.Listener other) {
    return new SourceSettings(registry, jobs, other, dockerHost, temporaryFolder);
  }

  /**
   * Sets the address of the Docker daemon.
   *
   * @param host {@code unix:///path} or {@code tcp://host:port}; null for Docker's default socket
   * @return a changed copy
   */
  public SourceSettings withDockerHost(@Nullable String host) {
    return new SourceSettings(registry, jobs, listener, host, temporaryFolder);
  }

  /**
   * Sets where an image of a daemon is stored while it is read.
   *
   * @param folder an existing folder; null for the JVM's folder for temporary files
   * @return a changed copy
   */
  public SourceSettings withTemporaryFolder(@Nullable Path folder) {
    return new SourceSettings(registry, jobs, listener, dockerHost, folder);
  }
}
