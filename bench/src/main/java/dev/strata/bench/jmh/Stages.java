package dev.strata.bench.jmh;

import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.foreign.Slab;
import dev.strata.internal.tar.TarStream;
import dev.strata.internal.tree.FileTree;
import dev.strata.internal.tree.PathScan;
import dev.strata.internal.tree.TreeBuilder;
import dev.strata.layering.LayerPath;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The stages of the engine as the benchmarks call them: the only class to change when their
 * signatures change.
 */
public final class Stages {
  private Stages() {}

  /**
   * Scans paths.
   *
   * @param paths the paths
   * @return what each contains
   */
  public static List<PathScan> walk(List<LayerPath> paths) {
    List<PathScan> scans = new ArrayList<>(paths.size());
    try (SourceFiles files = SourceFiles.open()) {
      for (LayerPath p : paths) {
        scans.add(PathScan.of(p.path(), files));
      }
    }
    return scans;
  }

  /**
   * Merges scans to the tree of a layer.
   *
   * @param paths the paths
   * @param scans what each contains
   * @return the tree
   */
  public static FileTree tree(List<LayerPath> paths, List<PathScan> scans) {
    return TreeBuilder.build(paths, scans, () -> {});
  }

  /**
   * Lays a tree out as a tar stream.
   *
   * @param tree the tree
   * @return the stream
   */
  public static TarStream layout(FileTree tree) {
    return TarStream.of(tree);
  }

  /** Receives the parts of a stream, in order. */
  public interface Slabs {
    /**
     * Takes a part.
     *
     * @param slab holds the part at its start, until this returns
     * @param count the size of the part, in bytes
     */
    void take(ByteBuffer slab, int count);
  }

  /**
   * Produces the whole stream.
   *
   * @param stream the stream
   * @param slabBytes the size of each part but the last, in bytes
   * @param slabs receives the parts
   */
  public static void read(TarStream stream, int slabBytes, Slabs slabs) {
    try (SourceFiles files = SourceFiles.open();
        Arena arena = Arena.ofConfined()) {
      // A reader may write one byte more than requested.
      Slab slab = Slab.allocate(arena, slabBytes + 1);
      TarStream.Reader reader = stream.reader(files);
      for (long at = 0; at < stream.size(); at += slabBytes) {
        int count = (int) Math.min(slabBytes, stream.size() - at);
        reader.read(at, slab, 0, count);
        slabs.take(slab.view(0, count), count);
      }
    }
  }
}
