package dev.strata.explain;

import dev.strata.io.FileNames;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.RandomAccess;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The files that a container sees: those of all layers, where upper layers hide and remove what
 * lower ones have (image specification 1.1, "Applying Changesets"). Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class ImageFiles {
  private final Place[] paths;
  private final Place[] contents;

  /**
   * A file with the layer that it comes from.
   *
   * @param layer the number of the layer, from 0
   * @param file the entry; a hard link has the type {@link FileEntry.Type#FILE} and all properties
   *     of the file that it refers to, with the path of that in {@link FileEntry#link()}
   * @param content the checksum of the content; null if it is not a file, or was not computed
   * @since 0.1.0
   */
  public record Placed(int layer, FileEntry file, @Nullable Checksum content) {}

  /** An entry in a layer, or a path to look for, compared by the bytes of the path. */
  private static final class Place implements Comparable<Place> {
    private final int layer;
    private final @Nullable LayerFiles files;
    private final int index;
    private final byte[] wanted;

    private Place(int layer, @Nullable LayerFiles files, int index, byte[] wanted) {
      this.layer = layer;
      this.files = files;
      this.index = index;
      this.wanted = wanted;
    }

    static Place of(String path) {
      return new Place(0, null, 0, FileNames.encode(path));
    }

    @Override
    public int compareTo(Place other) {
      if (files != null && other.files != null) {
        return files.comparePath(index, other.files, other.index);
      }
      if (files != null) {
        return files.comparePath(index, other.wanted);
      }
      return other.files == null
          ? Arrays.compareUnsigned(wanted, other.wanted)
          : -other.files.comparePath(other.index, wanted);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Place place && compareTo(place) == 0;
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(path());
    }

    byte[] path() {
      return files == null ? wanted : files.path(index);
    }

    LayerFiles.Entry entry() {
      if (files == null) {
        throw new IllegalStateException(new String(wanted, StandardCharsets.UTF_8));
      }
      return files.entry(index);
    }
  }

  private ImageFiles(SortedMap<Place, Place> tree) {
    paths = tree.keySet().toArray(Place[]::new);
    contents = tree.values().toArray(Place[]::new);
  }

  /**
   * Puts layers on top of each other.
   *
   * @param layers the entries of each layer, the lowest first
   * @return the files of the image
   */
  public static ImageFiles of(List<LayerFiles> layers) {
    TreeMap<Place, Place> tree = new TreeMap<>();
    for (int layer = 0; layer < layers.size(); layer++) {
      LayerFiles files = layers.get(layer);
      for (int i = 0; i < files.count(); i++) {
        FileEntry file = files.entry(i).file();
        if (file.isWhiteout()) {
          remove(tree, file.removed());
        }
      }
      for (int i = 0; i < files.count(); i++) {
        FileEntry file = files.entry(i).file();
        if (!file.isWhiteout()) {
          put(tree, new Place(layer, files, i, new byte[0]), file);
        }
      }
    }
    return new ImageFiles(tree);
  }

  private static void put(NavigableMap<Place, Place> tree, Place place, FileEntry file) {
    Place linked = file.type() == FileEntry.Type.HARD_LINK ? tree.get(Place.of(file.link())) : null;
    // A tree keeps its first key for a path, which may be of another layer.
    Place replaced = tree.remove(place);
    if (replaced != null
        && replaced.entry().file().type() == FileEntry.Type.DIRECTORY
        && file.type() != FileEntry.Type.DIRECTORY) {
      below(tree, file.path()).clear();
    }
    tree.put(place, linked == null ? place : linked);
  }

  private static void remove(NavigableMap<Place, Place> tree, String path) {
    if (path.endsWith("/")) {
      below(tree, path.substring(0, path.length() - 1)).clear();
      return;
    }
    tree.remove(Place.of(path));
    below(tree, path).clear();
  }

  /** Returns what is in a directory, directly or not. */
  private static SortedMap<Place, Place> below(NavigableMap<Place, Place> tree, String directory) {
    // '0' is the character after '/'.
    return tree.subMap(Place.of(directory + "/"), false, Place.of(directory + "0"), false);
  }

  /**
   * Returns all files.
   *
   * @return a view of the files, sorted by the bytes of their paths
   */
  public List<Placed> files() {
    return new View();
  }

  int count() {
    return paths.length;
  }

  Placed get(int index) {
    Place path = paths[index];
    LayerFiles.Entry entry = contents[index].entry();
    FileEntry file =
        path.equals(contents[index])
            ? entry.file()
            : entry.file().as(FileNames.decode(path.path()));
    return new Placed(path.layer, file, entry.content());
  }

  /** Returns the position of the first file whose path does not sort before another. */
  int firstFrom(String path) {
    int found = Arrays.binarySearch(paths, Place.of(path));
    return found < 0 ? -found - 1 : found;
  }

  private final class View extends AbstractList<Placed> implements RandomAccess {
    @Override
    public Placed get(int index) {
      return ImageFiles.this.get(index);
    }

    @Override
    public int size() {
      return paths.length;
    }
  }
}
