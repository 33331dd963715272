package dev.strata.transport;

import dev.strata.image.CopySource;
import dev.strata.image.ImageIndex;
import dev.strata.oci.PlatformChoice;
import java.nio.file.Path;

/**
 * An image.json file, or a file that lists those of several platforms, as a source: the {@code
 * nix:} transport. Layers are created from the store paths as they are read; those that lie in a
 * registry are {@link dev.strata.layer.RegistryLayer}s without bytes. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class NixSource implements Source {
  private final Path file;
  private final int jobs;

  private NixSource(Path file, int jobs) {
    this.file = file;
    this.jobs = jobs;
  }

  /**
   * Creates a source; reads nothing yet.
   *
   * @param file an image.json file, or an {@link ImageIndex}
   * @return the source
   */
  public static NixSource at(Path file) {
    return new NixSource(file, 1);
  }

  /**
   * Sets how many workers read ahead for each layer.
   *
   * @param count the number of workers, at least 1; 1 by default
   * @return a changed copy
   */
  public NixSource withJobs(int count) {
    return new NixSource(file, count);
  }

  @Override
  public CopySource open(PlatformChoice choice) {
    return CopySource.read(file, jobs, choice);
  }
}
