package dev.strata.bench.workload;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A closure and the options for building layers from it. Immutable and thread-safe.
 *
 * @param name its name on the command line, in results and in reports
 * @param description one line on what it shows
 * @param source the origin of the closure
 * @param maxLayers the largest number of layers
 */
public record Workload(String name, String description, Source source, int maxLayers) {
  /** The origin of a closure. */
  public sealed interface Source {}

  /**
   * A generated closure.
   *
   * @param profile the name of a closure profile of {@link Workloads}
   * @param withPermissions whether its permission rules are applied
   */
  public record Generated(String profile, boolean withPermissions) implements Source {}

  /**
   * A closure of the user.
   *
   * @param graph its closure graph file
   * @param permissions a file of permission rules, or null
   */
  public record OnDisk(Path graph, @Nullable Path permissions) implements Source {}
}
