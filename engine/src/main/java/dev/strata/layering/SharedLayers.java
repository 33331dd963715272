package dev.strata.layering;

import dev.strata.internal.json.JsonOutput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds layers that several images share. Paths that are in the same images go together, so that
 * none of these images gets a path that it does not need. The layers that save most come first: a
 * layer saves its size for each image but one. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class SharedLayers {
  private SharedLayers() {}

  /** Paths that are in the same images. */
  private record Group(List<String> paths, BitSet images, long size) {
    long saved() {
      return size * (images.cardinality() - 1);
    }
  }

  /**
   * Plans layers for images that are kept in one registry. A quarter of the layers of each image,
   * and at least one, is left for the paths that no other image has.
   *
   * @param images the closure of each image; the size of a path is that of the first that has it
   * @param limits the largest number of layers of an image, and their least size
   * @return the paths of each layer, for {@link LayeringStrategy#listed}; paths of one image only,
   *     and those for which no layer is left, are not listed
   * @throws dev.strata.io.InvalidInputException if the size of a path is unknown
   */
  public static List<List<String>> of(List<SizedClosure> images, LayerLimits limits) {
    int max = limits.maxLayers();
    int room = max <= 0 ? Integer.MAX_VALUE : max - Math.max(1, max / 4);
    int[] used = new int[images.size()];
    List<List<Group>> layers = new ArrayList<>();
    for (Group group : groups(images)) {
      boolean fits = group.size() >= limits.minSize();
      fits &= group.images().stream().allMatch(image -> used[image] < room);
      if (fits) {
        group.images().stream().forEach(image -> used[image]++);
        layers.add(new ArrayList<>(List.of(group)));
      } else {
        addToCheapest(group, layers, used, room);
      }
    }
    return layers.stream()
        .map(layer -> layer.stream().flatMap(group -> group.paths().stream()).toList())
        .toList();
  }

  /**
   * Reads a list of layers from a file: an array of layers, each an array of store paths.
   *
   * @param file the JSON file
   * @return the paths of each layer
   * @throws dev.strata.io.NotFoundException if the file does not exist
   * @throws dev.strata.io.InvalidInputException if the file is not such JSON or lists a path twice
   * @throws dev.strata.io.StrataException if the file cannot be read
   */
  public static List<List<String>> read(Path file) {
    return LayerSplit.readLists(file);
  }

  /** Returns the paths of several images, grouped; those that save most come first. */
  private static List<Group> groups(List<SizedClosure> images) {
    // By name, so that the result does not depend on the order within a graph.
    Map<String, BitSet> imagesOf = new TreeMap<>(JsonOutput.KEY_ORDER);
    Map<String, Long> sizes = new HashMap<>();
    for (int i = 0; i < images.size(); i++) {
      for (String path : images.get(i).paths()) {
        imagesOf.computeIfAbsent(path, _ -> new BitSet()).set(i);
        sizes.putIfAbsent(path, images.get(i).size(List.of(path)));
      }
    }
    Map<BitSet, List<String>> pathsOf = new HashMap<>();
    imagesOf.forEach((path, in) -> pathsOf.computeIfAbsent(in, _ -> new ArrayList<>()).add(path));
    List<Group> groups = new ArrayList<>();
    pathsOf.forEach((in, paths) -> {
      if (in.cardinality() > 1) {
        groups.add(new Group(List.copyOf(paths), in, paths.stream().mapToLong(sizes::get).sum()));
      }
    });
    groups.sort(
        Comparator.comparingLong(Group::saved)
            .reversed()
            .thenComparing(g -> g.paths().getFirst(), JsonOutput.KEY_ORDER));
    return groups;
  }

  /** Adds a group to the layer where it costs least, unless it is cheaper to share nothing. */
  private static void addToCheapest(Group group, List<List<Group>> layers, int[] used, int room) {
    long cheapest = group.size() * group.images().cardinality();
    @Nullable List<Group> host = null;
    for (List<Group> layer : layers) {
      BitSet has = imagesOf(layer);
      boolean fits = group.images().stream().allMatch(i -> has.get(i) || used[i] < room);
      if (!fits) {
        continue;
      }
      List<Group> joined = new ArrayList<>(layer);
      joined.add(group);
      long cost = stored(joined) - stored(layer);
      if (cost < cheapest) {
        cheapest = cost;
        host = layer;
      }
    }
    if (host != null) {
      BitSet more = (BitSet) group.images().clone();
      more.andNot(imagesOf(host));
      more.stream().forEach(image -> used[image]++);
      host.add(group);
    }
  }

  private static BitSet imagesOf(List<Group> layer) {
    BitSet images = new BitSet();
    layer.forEach(group -> images.or(group.images()));
    return images;
  }

  /** Returns the size of all forms of a layer: each image has the groups that it needs. */
  private static long stored(List<Group> layer) {
    Map<BitSet, Long> forms = new HashMap<>();
    imagesOf(layer).stream()
        .forEach(image -> {
          BitSet has = new BitSet();
          long size = 0;
          for (int g = 0; g < layer.size(); g++) {
            if (layer.get(g).images().get(image)) {
              has.set(g);
              size += layer.get(g).size();
            }
          }
          forms.put(has, size);
        });
    return forms.values().stream().mapToLong(Long::longValue).sum();
  }
}
