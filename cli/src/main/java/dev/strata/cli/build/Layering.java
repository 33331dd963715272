package dev.strata.cli.build;

import dev.strata.layering.LayerPath;
import dev.strata.layering.LayerPlanner;
import dev.strata.layering.LayeringStrategy;
import dev.strata.layering.SizedClosure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How the paths of a closure are assigned to layers. Immutable. */
final class Layering {
  /** The most popular paths in layers of their own, which needs neither sizes nor references. */
  static final Layering BY_POPULARITY = new Layering(null, null, 0);

  private final @Nullable SizedClosure closure;
  private final @Nullable LayeringStrategy strategy;
  private final long minSize;

  private Layering(
      @Nullable SizedClosure closure, @Nullable LayeringStrategy strategy, long minSize) {
    this.closure = closure;
    this.strategy = strategy;
    this.minSize = minSize;
  }

  static Layering of(SizedClosure closure, LayeringStrategy strategy, long minSize) {
    return new Layering(closure, strategy, minSize);
  }

  /**
   * Assigns paths to layers.
   *
   * @param planner the options of the paths, and the largest number of layers
   * @param paths some or all paths of the closure, the most popular first
   */
  List<List<LayerPath>> plan(LayerPlanner planner, List<String> paths) {
    return closure == null || strategy == null
        ? planner.plan(paths)
        : planner.plan(closure.only(paths), strategy, minSize);
  }
}
