package dev.strata;

import dev.strata.transport.registry.RegistryOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How to write an image; each setting affects only the places it applies to. Immutable and
 * thread-safe.
 *
 * @param registry how to reach a registry
 * @param dockerHost the address of the Docker daemon, in the form of {@code DOCKER_HOST}; null for
 *     Docker's default socket
 * @param additionalTags further tags for the same image, or names with tags
 * @since 0.1.0
 */
public record DestinationSettings(
    RegistryOptions registry, @Nullable String dockerHost, List<String> additionalTags) {
  /** Copies the list. */
  public DestinationSettings {
    additionalTags = List.copyOf(additionalTags);
  }

  /**
   * Creates settings for Docker's default socket, without additional tags.
   *
   * @param registry how to reach a registry
   * @return the settings
   */
  public static DestinationSettings of(RegistryOptions registry) {
    return new DestinationSettings(registry, null, List.of());
  }

  /**
   * Sets how to reach a registry.
   *
   * @param options the options
   * @return a changed copy
   */
  public DestinationSettings withRegistry(RegistryOptions options) {
    return new DestinationSettings(options, dockerHost, additionalTags);
  }

  /**
   * Sets the address of the Docker daemon.
   *
   * @param host {@code unix:///path} or {@code tcp://host:port}; null for Docker's default socket
   * @return a changed copy
   */
  public DestinationSettings withDockerHost(@Nullable String host) {
    return new DestinationSettings(registry, host, additionalTags);
  }

  /**
   * Sets further tags for the same image.
   *
   * @param tags the tags; for archives and daemons names with tags, and for registries either
   * @return a changed copy
   */
  public DestinationSettings withAdditionalTags(List<String> tags) {
    return new DestinationSettings(registry, dockerHost, tags);
  }
}
