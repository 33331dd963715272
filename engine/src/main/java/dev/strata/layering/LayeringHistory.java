package dev.strata.layering;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What a registry receives when the images of a history are pushed one after the other. Immutable
 * and thread-safe.
 *
 * @param steps an entry for each image, in their order
 * @since 0.1.0
 */
public record LayeringHistory(List<Step> steps) {
  /** Copies the list. */
  public LayeringHistory {
    steps = List.copyOf(steps);
  }

  /**
   * One image of a history.
   *
   * @param layers the paths of each layer, the lowest first
   * @param sent the size of the layers that no earlier image has, in bytes
   * @since 0.1.0
   */
  public record Step(List<List<String>> layers, long sent) {
    /** Copies the lists. */
    public Step {
      layers = layers.stream().map(List::copyOf).toList();
    }
  }

  /**
   * Plans the images of a history. Layers are the same if they have the same paths.
   *
   * @param images the closure of each image
   * @param limits the limits of each image
   * @param strategy returns the strategy for an image, given the layers of the one before it, which
   *     are empty for the first
   * @return the history
   * @throws dev.strata.io.InvalidInputException if the size of a path is unknown
   */
  public static LayeringHistory of(
      List<SizedClosure> images,
      LayerLimits limits,
      Function<List<List<String>>, LayeringStrategy> strategy) {
    List<Step> steps = new ArrayList<>();
    Set<Set<String>> known = new HashSet<>();
    List<List<String>> before = List.of();
    for (SizedClosure image : images) {
      before = strategy.apply(before).assign(image, limits);
      long sent = 0;
      for (List<String> layer : before) {
        sent += known.add(Set.copyOf(layer)) ? image.size(layer) : 0;
      }
      steps.add(new Step(before, sent));
    }
    return new LayeringHistory(steps);
  }

  /**
   * Returns the bytes that are sent after the first image.
   *
   * @return the sum over all steps but the first
   */
  public long sentAfterFirst() {
    return steps.stream().skip(1).mapToLong(Step::sent).sum();
  }

  /**
   * Returns the bytes that are sent altogether, which is what the registry stores.
   *
   * @return the sum over all steps
   */
  public long sent() {
    return steps.stream().mapToLong(Step::sent).sum();
  }
}
