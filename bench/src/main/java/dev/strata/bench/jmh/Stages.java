package dev.strata.bench.jmh;

import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.tar.TarStream;
import dev.strata.internal.tree.FileTree;
import dev.strata.internal.tree.PathScan;
import dev.strata.internal.tree.TreeBuilder;
import dev.strata.layering.LayerPath;
import java.util.ArrayList;
import java.util.List;

/**
 * The stages of the engine as the benchmarks call them: the only class to change when their
 * signatures change.
 */
public final class Stages {
  private Stages() {}

  public static List<PathScan> walk(List<LayerPath> paths) {
    List<PathScan> scans = new ArrayList<>(paths.size());
    try (SourceFiles files = SourceFiles.open()) {
      for (LayerPath p : paths) {
        scans.add(PathScan.of(p.path(), files));
      }
    }
    return scans;
  }

  public static FileTree tree(List<LayerPath> paths, List<PathScan> scans) {
    return TreeBuilder.build(paths, scans, () -> {});
  }

  public static TarStream layout(FileTree tree) {
    return TarStream.of(tree);
  }

  /** Receives the parts of a stream, in order. */
  public interface Slabs {
    void take(byte[] slab, int count);
  }

  /** Produces the whole stream, a slab of {@code slabBytes} at a time. */
  public static void read(TarStream stream, int slabBytes, Slabs slabs) {
    // A reader may write one byte more than requested.
    byte[] slab = new byte[slabBytes + 1];
    try (SourceFiles files = SourceFiles.open()) {
      TarStream.Reader reader = stream.reader(files);
      for (long at = 0; at < stream.size(); at += slabBytes) {
        int count = (int) Math.min(slabBytes, stream.size() - at);
        reader.read(at, slab, 0, count);
        slabs.take(slab, count);
      }
    }
  }
}
