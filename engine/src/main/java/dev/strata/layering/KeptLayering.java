package dev.strata.layering;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The layers of an earlier image that are still complete; above them, what is left of its other
 * layers; at the top, the paths that it lacks. So a path moves to a layer with others that change
 * when it does. If there are too many layers, the smallest are joined.
 */
final class KeptLayering implements LayeringStrategy {
  private final List<List<String>> earlier;

  KeptLayering(List<List<String>> earlier) {
    this.earlier = earlier.stream().map(List::copyOf).toList();
  }

  @Override
  public List<List<String>> assign(SizedClosure closure, LayerLimits limits) {
    List<List<String>> kept = new ArrayList<>();
    List<List<String>> left = new ArrayList<>();
    Set<String> taken = new HashSet<>();
    for (List<String> layer : earlier) {
      List<String> still =
          layer.stream().filter(path -> closure.contains(path) && taken.add(path)).toList();
      if (!still.isEmpty()) {
        (still.size() == layer.size() ? kept : left).add(closure.inOrder(still));
      }
    }
    SizedClosure missing = closure.without(taken);
    int room = limits.maxLayers() - kept.size() - left.size();
    List<List<String>> added = new ArrayList<>(left);
    if (!missing.paths().isEmpty()) {
      // Room is left for later changes.
      int share = limits.maxLayers() <= 0 ? 0 : Math.max(1, kept.isEmpty() ? room : room / 2);
      added.addAll(LayeringStrategy.bySize().assign(missing, new LayerLimits(share, 0)));
    }
    List<List<String>> layers = new ArrayList<>(kept);
    layers.addAll(limits.joinSmall(added, closure));
    return limits.joinSmallest(layers, closure);
  }
}
