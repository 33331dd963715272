package dev.strata.layering;

import dev.strata.internal.json.JsonOutput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Starts with one layer, and chooses one path after the other, the largest first. Two paths share a
 * layer if the same chosen paths refer to them, directly or indirectly; a chosen path counts as
 * referring to itself. Ends before there are too many layers.
 */
final class BySizeLayering implements LayeringStrategy {
  @Override
  public List<List<String>> assign(SizedClosure closure, LayerLimits limits) {
    int count = closure.paths().size();
    if (count == 0) {
      return List.of();
    }
    Partition partition = new Partition(new int[count], new int[count]);
    List<List<String>> layers = limits.joinSmall(partition.layers(closure), closure);
    for (int largest : bySize(closure)) {
      Partition finer = partition.splitBy(closure.reachableFrom(largest));
      List<List<String>> more = limits.joinSmall(finer.layers(closure), closure);
      if (!limits.allow(more.size())) {
        break;
      }
      partition = finer;
      layers = more;
    }
    return layers;
  }

  private static int[] bySize(SizedClosure closure) {
    List<String> paths = closure.paths();
    Integer[] order = new Integer[paths.size()];
    Arrays.setAll(order, i -> i);
    Arrays.sort(
        order,
        (a, b) -> {
          int larger = Long.compare(closure.size(b), closure.size(a));
          return larger != 0 ? larger : JsonOutput.KEY_ORDER.compare(paths.get(a), paths.get(b));
        });
    return Arrays.stream(order).mapToInt(Integer::intValue).toArray();
  }

  /**
   * The layer of each path.
   *
   * @param layer a number for the layer of each path
   * @param chosen how many chosen paths refer to each path, which is the same for all of a layer
   */
  @SuppressWarnings("ArrayRecordComponent") // Not compared.
  private record Partition(int[] layer, int[] chosen) {
    /** Splits each layer into the paths that a chosen path refers to, and the others. */
    Partition splitBy(int[] reachable) {
      int[] split = layer.clone();
      int[] more = chosen.clone();
      int next = Arrays.stream(layer).max().orElse(0) + 1;
      Map<Integer, Integer> parts = new HashMap<>();
      for (int path : reachable) {
        more[path]++;
        Integer part = parts.get(layer[path]);
        if (part == null) {
          part = next++;
          parts.put(layer[path], part);
        }
        split[path] = part;
      }
      return new Partition(split, more);
    }

    /**
     * Returns the layers, each above those that it refers to: more chosen paths refer to what is
     * referred to.
     */
    List<List<String>> layers(SizedClosure closure) {
      Map<Integer, Group> groups = new HashMap<>();
      for (int i = 0; i < layer.length; i++) {
        int referrers = chosen[i];
        groups
            .computeIfAbsent(layer[i], _ -> new Group(referrers, new ArrayList<>()))
            .paths
            .add(closure.paths().get(i));
      }
      return groups.values().stream()
          .sorted(
              Comparator.comparingInt(Group::referrers)
                  .reversed()
                  .thenComparing(Group::first, JsonOutput.KEY_ORDER))
          .map(group -> List.copyOf(group.paths))
          .toList();
    }
  }

  /** The paths of a layer, and how many chosen paths refer to them. */
  private record Group(int referrers, List<String> paths) {
    String first() {
      return Collections.min(paths, JsonOutput.KEY_ORDER);
    }
  }
}
