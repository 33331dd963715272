package dev.strata.bench.workload;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A closure with the options that layers are made of it with. Immutable and thread-safe.
 *
 * @param name names it on the command line, in results and in reports
 * @param description says in a line what it shows
 * @param source where the closure comes from
 * @param maxLayers the largest number of layers
 */
public record Workload(String name, String description, Source source, int maxLayers) {
  /** Where a closure comes from. */
  public sealed interface Source {}

  /**
   * A closure that is generated.
   *
   * @param profile the name of one of {@link Workloads}' closure profiles
   * @param withPermissions whether its permission rules are applied
   */
  public record Generated(String profile, boolean withPermissions) implements Source {}

  /**
   * A closure of the user's.
   *
   * @param graph its closure graph file
   * @param permissions a file of permission rules, or null
   */
  public record OnDisk(Path graph, @Nullable Path permissions) implements Source {}
}
