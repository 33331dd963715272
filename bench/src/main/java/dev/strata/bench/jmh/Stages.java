package dev.strata.bench.jmh;

import dev.strata.io.SourceFiles;
import dev.strata.layering.LayerPath;
import dev.strata.tar.TarStream;
import dev.strata.tree.FileTree;
import dev.strata.tree.PathScan;
import dev.strata.tree.TreeBuilder;
import java.util.ArrayList;
import java.util.List;

/**
 * The stages of the engine as the benchmarks call them: the one place to change when their
 * signatures change.
 */
final class Stages {
  private static final int SLAB = 1 << 20;

  private Stages() {}

  static List<PathScan> walk(List<LayerPath> paths) {
    List<PathScan> scans = new ArrayList<>(paths.size());
    try (SourceFiles files = SourceFiles.open()) {
      for (LayerPath p : paths) {
        scans.add(PathScan.of(p.path(), files));
      }
    }
    return scans;
  }

  static FileTree tree(List<LayerPath> paths, List<PathScan> scans) {
    return TreeBuilder.build(paths, scans);
  }

  static TarStream layout(FileTree tree) {
    return TarStream.of(tree);
  }

  /**
   * Makes the whole stream without hashing it; returns its last byte so that nothing is left out.
   */
  static byte read(TarStream stream) {
    byte[] slab = new byte[SLAB + 1];
    try (SourceFiles files = SourceFiles.open()) {
      TarStream.Reader reader = stream.reader(files);
      for (long at = 0; at < stream.size(); at += SLAB) {
        reader.read(at, slab, 0, (int) Math.min(SLAB, stream.size() - at));
      }
    }
    return slab[0];
  }
}
