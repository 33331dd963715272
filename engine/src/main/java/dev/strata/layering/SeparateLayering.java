package dev.strata.layering;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Paths that often change, and all that refer to them, in layers above the others: at most half of
 * the layers. A Nix store path gets another name when something that it refers to changes, so the
 * layers below contain nothing that such a change affects.
 */
final class SeparateLayering implements LayeringStrategy {
  private final Set<String> changing;

  SeparateLayering(Collection<String> changing) {
    this.changing = Set.copyOf(changing);
  }

  @Override
  public List<List<String>> assign(SizedClosure closure, LayerLimits limits) {
    Set<String> above = closure.withReferrers(changing);
    SizedClosure moving = closure.only(above);
    SizedClosure steady = closure.without(above);
    if (moving.paths().isEmpty() || steady.paths().isEmpty() || limits.maxLayers() == 1) {
      return LayeringStrategy.bySize().assign(closure, limits);
    }
    List<List<String>> top =
        LayeringStrategy.bySize().assign(moving, limits.withMaxLayers(limits.maxLayers() / 2));
    List<List<String>> layers =
        new ArrayList<>(
            LayeringStrategy.bySize()
                .assign(steady, limits.withMaxLayers(limits.maxLayers() - top.size())));
    layers.addAll(top);
    return layers;
  }
}
