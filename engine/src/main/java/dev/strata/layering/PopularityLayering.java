package dev.strata.layering;

import java.util.List;

/** The most popular paths in layers of their own, the others in the last layer. */
final class PopularityLayering implements LayeringStrategy {
  @Override
  public List<List<String>> assign(SizedClosure closure, LayerLimits limits) {
    List<List<String>> layers = closure.paths().stream().map(List::of).toList();
    return limits.joinLast(limits.joinSmall(layers, closure));
  }
}
