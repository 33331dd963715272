package dev.strata.explain;

import dev.strata.io.Bytes;
import dev.strata.io.FileNames;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
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
  private static final Comparator<String> BYTES =
      (a, b) -> {
        byte[] left = FileNames.encode(a);
        byte[] right = FileNames.encode(b);
        return Bytes.compare(left, 0, left.length, right, 0, right.length);
      };

  private final List<Placed> files;

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

  private ImageFiles(List<Placed> files) {
    this.files = files;
  }

  /**
   * Puts layers on top of each other.
   *
   * @param layers the entries of each layer, the lowest first
   * @return the files of the image
   */
  public static ImageFiles of(List<LayerFiles> layers) {
    TreeMap<String, Placed> tree = new TreeMap<>();
    for (int i = 0; i < layers.size(); i++) {
      List<LayerFiles.Entry> entries = layers.get(i).entries();
      for (LayerFiles.Entry entry : entries) {
        if (entry.file().isWhiteout()) {
          remove(tree, entry.file().removed());
        }
      }
      for (LayerFiles.Entry entry : entries) {
        if (!entry.file().isWhiteout()) {
          put(tree, i, entry);
        }
      }
    }
    List<Placed> files = new ArrayList<>(tree.values());
    files.sort(Comparator.comparing(placed -> placed.file().path(), BYTES));
    return new ImageFiles(List.copyOf(files));
  }

  private static void put(NavigableMap<String, Placed> tree, int layer, LayerFiles.Entry entry) {
    FileEntry file = entry.file();
    Placed replaced = tree.get(file.path());
    if (replaced != null
        && replaced.file().type() == FileEntry.Type.DIRECTORY
        && file.type() != FileEntry.Type.DIRECTORY) {
      below(tree, file.path()).clear();
    }
    Placed linked = file.type() == FileEntry.Type.HARD_LINK ? tree.get(file.link()) : null;
    tree.put(
        file.path(),
        linked == null
            ? new Placed(layer, file, entry.content())
            : new Placed(layer, at(linked.file(), file.path()), linked.content()));
  }

  /** Returns another name of a file. */
  private static FileEntry at(FileEntry file, String path) {
    return new FileEntry(
        path,
        file.type(),
        file.mode(),
        file.uid(),
        file.gid(),
        file.size(),
        file.mtime(),
        file.type() == FileEntry.Type.FILE ? file.path() : file.link(),
        file.attributes());
  }

  private static void remove(NavigableMap<String, Placed> tree, String path) {
    if (path.endsWith("/")) {
      below(tree, path.substring(0, path.length() - 1)).clear();
      return;
    }
    tree.remove(path);
    below(tree, path).clear();
  }

  /** Returns what is in a directory, directly or not. */
  private static SortedMap<String, Placed> below(NavigableMap<String, Placed> tree, String directory) {
    // '0' is the character after '/'.
    return tree.subMap(directory + "/", false, directory + "0", false);
  }

  /**
   * Returns all files.
   *
   * @return the files, sorted by the bytes of their paths
   */
  public List<Placed> files() {
    return files;
  }
}
