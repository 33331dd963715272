package dev.strata.cli.build;

import dev.strata.cli.command.UsageException;
import dev.strata.io.InvalidInputException;
import dev.strata.layering.LayerPath;
import dev.strata.layering.LayerPlanner;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Plans the layers of a closure, once the number of the other layers is known. */
final class ClosurePlan implements IntFunction<List<List<LayerPath>>> {
  static final int DEFAULT_MAX_LAYERS = 40;

  /** The overlay file system of Linux stacks no more for Docker and Podman. */
  static final int MOST_LAYERS = 127;

  private final LayerPlanner planner;
  private final CopyToRoot moved;
  private final Layering layering;
  private final List<String> paths;
  private final @Nullable Integer maxLayers;

  /**
   * Prepares a plan.
   *
   * @param paths all paths, the most popular first
   * @param maxLayers the largest number of layers of the image; null for the default
   */
  ClosurePlan(
      LayerPlanner planner,
      CopyToRoot moved,
      Layering layering,
      List<String> paths,
      @Nullable Integer maxLayers) {
    this.planner = planner;
    this.moved = moved;
    this.layering = layering;
    this.paths = paths;
    this.maxLayers = maxLayers;
  }

  @Override
  public List<List<LayerPath>> apply(int others) {
    if (paths.isEmpty()) {
      return List.of();
    }
    return moved.plan(planner, layering, paths, room(others));
  }

  private int room(int others) {
    int room = (maxLayers == null ? MOST_LAYERS : maxLayers) - others;
    if (room >= 1) {
      return maxLayers == null ? Math.min(room, DEFAULT_MAX_LAYERS) : room;
    }
    String problem =
        "the base image and added files have " + others + " layers, so that none is left for paths";
    if (maxLayers == null) {
      throw new InvalidInputException(
          problem
              + ": container engines allow "
              + MOST_LAYERS
              + "; use a base image with fewer layers");
    }
    throw new UsageException(
        problem + "; use --max-layers " + (others + 1) + " or more instead of " + maxLayers);
  }
}
