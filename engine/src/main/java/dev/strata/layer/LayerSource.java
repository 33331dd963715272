package dev.strata.layer;

import dev.strata.oci.Reference;

/**
 * The repository of a registry that a layer lies in, for layers that are not on this machine.
 * Immutable and thread-safe.
 *
 * @param repository the registry and the repository, without a tag or digest
 * @param tlsVerify false if the registry may be accessed by plain HTTP, or with an invalid
 *     certificate
 * @since 0.1.0
 */
public record LayerSource(Reference repository, boolean tlsVerify) {
  /** Docker Hub's host for requests, which some tools use as its name. */
  private static final String DOCKER_HUB_HOST = "registry-1.docker.io";

  /**
   * Names the repository of an image.
   *
   * @param image the name of the image; its tag and digest are ignored
   * @param tlsVerify false if the registry may be accessed by plain HTTP, or with an invalid
   *     certificate
   * @return the repository
   */
  public static LayerSource of(Reference image, boolean tlsVerify) {
    // One name, so that credentials are found, and a copy to the same registry is recognized.
    boolean hub = image.registry().equals(DOCKER_HUB_HOST);
    String registry = hub ? Reference.DOCKER_HUB : image.registry();
    return new LayerSource(new Reference(registry, image.repository(), null, null), tlsVerify);
  }
}
