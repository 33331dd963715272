package dev.strata.layer;

import dev.strata.blob.Progress;
import dev.strata.internal.pipeline.LayerPipeline;
import dev.strata.internal.pipeline.LayerTape;
import dev.strata.layering.LayerPath;
import java.util.List;

/** How much of a layer each of its paths makes up. Stateless and thread-safe. */
public final class LayerSizes {
  private LayerSizes() {}

  /**
   * Looks at paths and tells how long their part of a tar stream is. File contents are not read.
   *
   * @param paths the paths
   * @param jobs how many workers, at least 1
   * @return a number of bytes for each path, in order; directories that several paths share count
   *     for each
   * @throws dev.strata.io.StrataException if a path can't be read
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
