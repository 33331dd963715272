package dev.strata.cli.look;

import dev.strata.image.Image;
import dev.strata.image.ImageBlobs;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerSizes;
import dev.strata.layer.PathNames;
import dev.strata.layering.LayerPath;
import dev.strata.layering.PathOptions;
import dev.strata.oci.PlatformChoice;
import dev.strata.transport.ImageLocation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The paths of an image. Immutable.
 *
 * @param sizes the place of each path
 * @param copiedToRoot the paths whose contents lie at the root of the image, as far as is known
 */
record ImagePaths(Map<String, Place> sizes, List<String> copiedToRoot) {
  /**
   * Where a path is.
   *
   * @param layer the number of the layer, from 0
   * @param size the size in the tar of the layer, in bytes; empty if it is unknown
   */
  record Place(int layer, OptionalLong size) {}

  /** Finds the paths: from the description if there is one, otherwise by reading the layers. */
  static ImagePaths of(ImageBlobs image, ImageLocation location, PlatformChoice choice, int jobs) {
    List<Layer> layers = layers(location, choice);
    return layers == null ? read(image, jobs) : described(layers, image, jobs);
  }

  /** Returns the layers of an image.json file, which lists their paths; null for other images. */
  static @Nullable List<Layer> layers(ImageLocation location, PlatformChoice choice) {
    return location instanceof ImageLocation.Nix nix
        ? Image.read(FileNames.path(nix.file()), choice).layers()
        : null;
  }

  private static ImagePaths described(List<Layer> layers, ImageBlobs image, int jobs) {
    Map<String, Place> places = new LinkedHashMap<>();
    for (int i = 0; i < layers.size(); i++) {
      List<LayerPath> paths = layers.get(i).paths();
      if (paths.isEmpty()) {
        add(PathSizes.read(List.of(image.layers().get(i)), jobs).getFirst(), i, places);
      }
      List<OptionalLong> sizes = sizes(paths, jobs);
      for (int p = 0; p < paths.size(); p++) {
        places.putIfAbsent(paths.get(p).path(), new Place(i, sizes.get(p)));
      }
    }
    return new ImagePaths(places, copiedToRoot(layers));
  }

  /** Returns the paths whose contents lie at the root of the image. */
  static List<String> copiedToRoot(List<Layer> layers) {
    List<String> moved = new ArrayList<>();
    for (Layer layer : layers) {
      for (LayerPath path : layer.paths()) {
        PathOptions options = path.options();
        if (options != null && options.rewrite().appliesTo(path.path())) {
          moved.add(path.path());
        }
      }
    }
    return moved;
  }

  /** Returns the size of each path in a layer, or nothing for each. */
  static List<OptionalLong> sizes(List<LayerPath> paths, int jobs) {
    try {
      return LayerSizes.ofPaths(paths, jobs).stream().map(OptionalLong::of).toList();
    } catch (StrataException _) {
      // If the image was built elsewhere, the names are known, but not the sizes.
      return paths.stream().map(_ -> OptionalLong.empty()).toList();
    }
  }

  /** Returns the names of paths in an image: the largest first, as far as sizes are known. */
  static List<String> largestFirst(List<LayerPath> paths, int jobs) {
    List<OptionalLong> sizes = sizes(paths, jobs);
    return IntStream.range(0, paths.size())
        .boxed()
        .sorted(Comparator.comparingLong(i -> -sizes.get(i).orElse(0)))
        .map(i -> name(paths.get(i)))
        .toList();
  }

  /** Returns the name of a path in the image; its own one if its contents are at the root. */
  static String name(LayerPath path) {
    String name = PathNames.inImage(path);
    return name.equals("/") ? path.path() : name;
  }

  private static ImagePaths read(ImageBlobs image, int jobs) {
    Map<String, Place> places = new LinkedHashMap<>();
    List<PathSizes> layers = PathSizes.read(image.layers(), jobs);
    for (int i = 0; i < layers.size(); i++) {
      add(layers.get(i), i, places);
    }
    return new ImagePaths(places, List.of());
  }

  private static void add(PathSizes read, int layer, Map<String, Place> places) {
    read.sizes()
        .forEach((path, size) -> places.putIfAbsent(path, new Place(layer, OptionalLong.of(size))));
  }
}
