package dev.strata.layering;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Layers of a list, as far as a closure has their paths, and above them those of other paths. */
final class ListedLayering implements LayeringStrategy {
  private final List<List<String>> listed;

  ListedLayering(List<List<String>> listed) {
    this.listed = listed.stream().map(List::copyOf).toList();
  }

  @Override
  public List<List<String>> assign(SizedClosure closure, LayerLimits limits) {
    List<List<String>> layers = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (List<String> layer : listed) {
      List<String> own =
          layer.stream().filter(path -> closure.contains(path) && taken.add(path)).toList();
      if (!own.isEmpty()) {
        layers.add(closure.inOrder(own));
      }
    }
    SizedClosure others = closure.without(taken);
    if (!others.paths().isEmpty()) {
      int room = limits.maxLayers() <= 0 ? 0 : Math.max(1, limits.maxLayers() - layers.size());
      layers.addAll(LayeringStrategy.bySize().assign(others, limits.withMaxLayers(room)));
    }
    return limits.allow(layers.size()) ? layers : limits.joinSmallest(layers, closure);
  }
}
