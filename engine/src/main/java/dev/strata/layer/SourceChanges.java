package dev.strata.layer;

import dev.strata.internal.tree.Renaming;
import dev.strata.io.FileNames;
import dev.strata.io.NotFoundException;
import dev.strata.io.SourceChangedException;
import dev.strata.layering.LayerPath;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The paths of a layer that are not in their recorded state, and the files that may be the reason.
 * Immutable.
 *
 * @param paths the paths that differ, or whose state is not known for certain
 * @param files files that have changed since the state was recorded
 */
record SourceChanges(List<String> paths, List<String> files) {
  /** Above this number, files that have been left out of the layer may be named, too. */
  private static final int MOST_CHECKED = 1000;

  private static final int MOST_NAMED = 3;

  /** Compares the paths of a layer with their recorded state. */
  static SourceChanges of(Layer layer) {
    List<String> paths = new ArrayList<>();
    List<String> files = new ArrayList<>();
    for (SourceStamp stamp : layer.stamps()) {
      try {
        SourceScan scan = SourceScan.of(stamp.path(), stamp.newest());
        if (!scan.digest().equals(stamp.digest())) {
          paths.add(stamp.path());
          files.addAll(inLayer(layer, stamp.path(), scan.changed()));
        }
      } catch (NotFoundException _) {
        paths.add(stamp.path());
      }
    }
    return new SourceChanges(paths, files);
  }

  /** Leaves out files that the layer leaves out. */
  private static List<String> inLayer(Layer layer, String root, List<String> files) {
    if (files.size() > MOST_CHECKED) {
      return files;
    }
    for (LayerPath path : layer.paths()) {
      if (path.path().equals(root)) {
        return files.stream()
            .filter(file -> file.equals(root) || !Renaming.nameInLayer(path, file).isEmpty())
            .toList();
      }
    }
    return files;
  }

  boolean isEmpty() {
    return paths.isEmpty();
  }

  /**
   * Returns the exception for a layer.
   *
   * @param cause why the layer cannot be built again, or null
   */
  SourceChangedException failure(Layer layer, @Nullable Exception cause) {
    // With a witness, it can be found out which files really differ.
    boolean witnessed = layer.witness().isPresent();
    List<String> named = files.isEmpty() || witnessed ? paths : files;
    StringBuilder text = new StringBuilder("source changed since the build: ");
    for (int i = 0; i < named.size() && i < MOST_NAMED; i++) {
      text.append(i == 0 ? "" : ", ").append(FileNames.quote(named.get(i)));
    }
    if (named.size() > MOST_NAMED) {
      text.append(" and ").append(named.size() - MOST_NAMED).append(" more");
    }
    if (cause != null) {
      text.append(" (").append(cause.getMessage()).append(')');
    }
    text.append("; build the image again");
    return witnessed
        ? new LayerChangedException(text.toString(), layer)
        : new SourceChangedException(text.toString(), cause);
  }
}
