package dev.strata.layer;

import dev.strata.blob.Progress;
import dev.strata.internal.pipeline.LayerPipeline;
import dev.strata.internal.pipeline.LayerTape;
import dev.strata.layering.LayerPath;
import java.util.List;

/**
 * The size that each path contributes to a layer. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class LayerSizes {
  private LayerSizes() {}

  /**
   * Computes how much of a tar stream each path takes up. No file is read.
   *
   * @param paths the paths
   * @param jobs the number of workers, at least 1
   * @return a size in bytes for each path, in order; directories that several paths share count for
   *     each of them
   * @throws dev.strata.io.NotFoundException if a path does not exist
   * @throws dev.strata.io.StrataException if a path cannot be read
   */
  public static List<Long> ofPaths(List<LayerPath> paths, int jobs) {
    if (paths.isEmpty()) {
      return List.of();
    }
    List<List<LayerPath>> apart = paths.stream().map(List::of).toList();
    List<LayerTape> tapes = new LayerPipeline(jobs, Progress.NONE).layOut(apart);
    return tapes.stream().map(tape -> tape.size() - LayerTape.END_OF_ARCHIVE).toList();
  }
}
