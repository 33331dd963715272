package dev.strata.bench.cores;

import dev.strata.internal.files.FileMode;
import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.tar.TarStream;
import dev.strata.internal.tree.FileTree;
import dev.strata.internal.tree.PathScan;
import dev.strata.internal.tree.SeparatePaths;
import dev.strata.internal.tree.TreeBuilder;
import dev.strata.layering.LayerPath;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** Finds the work in the layers of a closure by laying them out. Stateless. */
final class LoadReader {
  private LoadReader() {}

  static List<LayerLoad> read(List<List<LayerPath>> plan) {
    List<LayerLoad> layers = new ArrayList<>();
    try (SourceFiles files = SourceFiles.open()) {
      for (List<LayerPath> paths : plan) {
        SeparatePaths order =
            Objects.requireNonNull(SeparatePaths.of(paths), "the paths of a layer overlap");
        List<PathLoad> loads = new ArrayList<>();
        for (int i = 0; i < paths.size(); i++) {
          loads.add(path(paths.get(order.inOrder(i)), order.sharedDirectories(i), files));
        }
        layers.add(new LayerLoad(loads));
      }
    }
    return layers;
  }

  private static PathLoad path(LayerPath path, int shared, SourceFiles files) {
    TarStream stream = layOut(path, shared, files);
    FileTree tree = stream.tree();
    long[] starts = new long[tree.count()];
    long[] sizes = new long[tree.count()];
    int count = 0;
    int directories = 0;
    for (int i = stream.firstEntry(); i < tree.count(); i++) {
      int mode = tree.mode(i);
      directories += FileMode.isDirectory(mode) ? 1 : 0;
      if (FileMode.isRegular(mode)) {
        starts[count] = stream.contentStart(i);
        sizes[count++] = tree.size(i);
      }
    }
    return new PathLoad(
        Math.max(1, directories),
        stream.entries(),
        stream.entriesSize(),
        Arrays.copyOf(starts, count),
        Arrays.copyOf(sizes, count));
  }

  /** Scans a path and lays it out, as a worker does. */
  static TarStream layOut(LayerPath path, int shared, SourceFiles files) {
    PathScan scan = PathScan.of(path.path(), files);
    return TarStream.of(TreeBuilder.build(List.of(path), List.of(scan), files), shared);
  }
}
