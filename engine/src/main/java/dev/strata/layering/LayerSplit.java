package dev.strata.layering;

import dev.strata.internal.json.JsonInput;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An assignment of paths to layers that was read from a file. Immutable and thread-safe. */
final class LayerSplit {
  private final Path file;
  private final int count;
  private final Map<String, Integer> layerOf;

  private LayerSplit(Path file, int count, Map<String, Integer> layerOf) {
    this.file = file;
    this.count = count;
    this.layerOf = layerOf;
  }

  static LayerSplit read(Path file) {
    List<List<String>> layers = readLists(file);
    return new LayerSplit(file, layers.size(), layerOf(file, layers));
  }

  /** Reads the paths of each layer; no path is listed twice. */
  static List<List<String>> readLists(Path file) {
    List<List<String>> layers =
        JsonInput.read(
            file, in -> in.list("layers, each a list of store paths", JsonInput::strings));
    if (layers == null) {
      throw new InvalidInputException(
          named(file) + " contains null; expected a list of layers, each a list of store paths");
    }
    layerOf(file, layers);
    return layers;
  }

  private static Map<String, Integer> layerOf(Path file, List<List<String>> layers) {
    Map<String, Integer> layerOf = new HashMap<>();
    for (int i = 0; i < layers.size(); i++) {
      for (String path : layers.get(i)) {
        Integer before = layerOf.put(path, i);
        if (before != null) {
          throw new InvalidInputException(
              named(file)
                  + " lists "
                  + FileNames.quote(path)
                  + " twice, in layers "
                  + before
                  + " and "
                  + i
                  + "; remove one");
        }
      }
    }
    return Map.copyOf(layerOf);
  }

  private static String named(Path file) {
    return "layer split " + FileNames.quote(file.toString());
  }

  /** Fails if the file lists an unknown path: it was made for another closure. */
  void check(List<String> paths) {
    Set<String> known = new HashSet<>(paths);
    layerOf.keySet().stream()
        .filter(path -> !known.contains(path))
        .sorted()
        .findFirst()
        .ifPresent(path -> {
          throw new InvalidInputException(
              named(file)
                  + " lists "
                  + FileNames.quote(path)
                  + ", which is not in the closure; generate the file from this closure");
        });
  }

  /** Puts paths into their layers, and those that the file does not list into a last one. */
  List<List<LayerPath>> apply(List<LayerPath> paths) {
    List<List<LayerPath>> layers = new ArrayList<>();
    for (int i = 0; i <= count; i++) {
      layers.add(new ArrayList<>());
    }
    for (LayerPath path : paths) {
      layers.get(layerOf.getOrDefault(path.path(), count)).add(path);
    }
    return layers.stream().filter(layer -> !layer.isEmpty()).map(List::copyOf).toList();
  }
}
