package dev.strata.layering;

import java.util.ArrayList;
import java.util.List;

/**
 * How many layers a closure may get, and how small they may be. Immutable and thread-safe.
 *
 * @param maxLayers the largest number of layers; zero or less for any number
 * @param minSize the least size of a layer in bytes; a closure that is smaller gets one layer
 * @since 0.1.0
 */
public record LayerLimits(int maxLayers, long minSize) {
  /**
   * Sets another number of layers.
   *
   * @param max the largest number of layers; zero or less for any number
   * @return other limits
   */
  public LayerLimits withMaxLayers(int max) {
    return new LayerLimits(max, minSize);
  }

  boolean allow(int layers) {
    return maxLayers <= 0 || layers <= maxLayers;
  }

  /**
   * Puts layers below the least size together, in their order. Layers of that size stay as they
   * are.
   */
  List<List<String>> joinSmall(List<List<String>> layers, SizedClosure closure) {
    if (minSize <= 0) {
      return layers;
    }
    List<List<String>> joined = new ArrayList<>();
    List<String> small = new ArrayList<>();
    long size = 0;
    int lastJoined = -1;
    for (List<String> layer : layers) {
      long own = closure.size(layer);
      if (own >= minSize) {
        joined.add(layer);
        continue;
      }
      small.addAll(layer);
      size += own;
      if (size >= minSize) {
        lastJoined = joined.size();
        joined.add(closure.inOrder(small));
        small.clear();
        size = 0;
      }
    }
    if (!small.isEmpty()) {
      int host = lastJoined >= 0 ? lastJoined : joined.size() - 1;
      if (host < 0) {
        return List.of(closure.inOrder(small));
      }
      small.addAll(joined.get(host));
      joined.set(host, closure.inOrder(small));
    }
    return joined;
  }

  /** Joins the last layers, so that there are not too many. */
  List<List<String>> joinLast(List<List<String>> layers) {
    if (allow(layers.size())) {
      return layers;
    }
    List<List<String>> joined = new ArrayList<>(layers.subList(0, maxLayers - 1));
    joined.add(
        layers.subList(maxLayers - 1, layers.size()).stream().flatMap(List::stream).toList());
    return joined;
  }

  /**
   * Joins the smallest layers, so that there are not too many. Of two equally small ones, the first
   * is joined first.
   */
  List<List<String>> joinSmallest(List<List<String>> layers, SizedClosure closure) {
    List<List<String>> joined = new ArrayList<>(layers);
    while (!allow(joined.size())) {
      int smallest = smallest(joined, closure, -1);
      int next = smallest(joined, closure, smallest);
      int at = Math.max(smallest, next);
      List<String> both = new ArrayList<>(joined.get(Math.min(smallest, next)));
      both.addAll(joined.get(at));
      joined.set(at, closure.inOrder(both));
      joined.remove(Math.min(smallest, next));
    }
    return joined;
  }

  private static int smallest(List<List<String>> layers, SizedClosure closure, int except) {
    int smallest = -1;
    for (int i = 0; i < layers.size(); i++) {
      if (i != except
          && (smallest < 0 || closure.size(layers.get(i)) < closure.size(layers.get(smallest)))) {
        smallest = i;
      }
    }
    return smallest;
  }
}
