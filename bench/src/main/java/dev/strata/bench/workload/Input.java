package dev.strata.bench.workload;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A workload and its files on disk. Immutable and thread-safe.
 *
 * @param workload the workload
 * @param graph the absolute path of its closure graph file
 * @param permissions the absolute path of its permission rules, or null
 * @param storePaths its store paths
 */
public record Input(
    Workload workload, Path graph, @Nullable Path permissions, List<Path> storePaths) {
  /** Copies the list. */
  public Input {
    storePaths = List.copyOf(storePaths);
  }
}
