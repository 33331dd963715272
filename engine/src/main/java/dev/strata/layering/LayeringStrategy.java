package dev.strata.layering;

import java.util.Collection;
import java.util.List;

/**
 * A way to assign the paths of a closure to layers. The same closure gives the same layers.
 * Implementations are immutable and thread-safe.
 *
 * @since 0.1.0
 */
public interface LayeringStrategy {
  /**
   * Assigns each path to one layer.
   *
   * @param closure the paths
   * @param limits the number of layers and their least size
   * @return the paths of each layer, the lowest first; no layer is empty
   * @throws dev.strata.io.InvalidInputException if the size of a path is needed and unknown
   */
  List<List<String>> assign(SizedClosure closure, LayerLimits limits);

  /**
   * Gives each of the most popular paths a layer, and puts all others into the last, as the
   * reference implementation does.
   *
   * @return the strategy
   */
  static LayeringStrategy popularity() {
    return new PopularityLayering();
  }

  /**
   * Gives each of the largest paths a layer with what only they refer to. Paths that several of
   * them refer to share a layer if they are referred to by the same ones.
   *
   * <p>Source: the default of {@code dockerTools.streamLayeredImage} in Nixpkgs since 24.11.
   *
   * @return the strategy
   */
  static LayeringStrategy bySize() {
    return new BySizeLayering();
  }

  /**
   * Puts paths that often change, and all that refer to them, into layers above the others, which
   * therefore stay the same.
   *
   * @param changing paths that often change; those that a closure does not have are passed over
   * @return the strategy
   */
  static LayeringStrategy separating(Collection<String> changing) {
    return new SeparateLayering(changing);
  }

  /**
   * Keeps the layers of an earlier image that are still complete, and puts paths that it lacks into
   * layers above the others. Without an earlier image, assigns them by size.
   *
   * @param earlier the paths of each layer of the earlier image
   * @return the strategy
   */
  static LayeringStrategy keeping(List<List<String>> earlier) {
    return new KeptLayering(earlier);
  }

  /**
   * Uses layers of a list, such as that of {@link SharedLayers}, as far as a closure has their
   * paths. Other paths are assigned to layers above by size.
   *
   * @param layers the paths of each layer
   * @return the strategy
   */
  static LayeringStrategy listed(List<List<String>> layers) {
    return new ListedLayering(layers);
  }
}
