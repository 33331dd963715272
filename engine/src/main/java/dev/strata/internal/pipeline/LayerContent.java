package dev.strata.internal.pipeline;

import dev.strata.blob.Progress;
import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.tar.TarStream;
import dev.strata.internal.tree.FileTree;
import dev.strata.internal.tree.PathScan;
import dev.strata.internal.tree.SeparatePaths;
import dev.strata.internal.tree.TreeBuilder;
import dev.strata.layering.LayerPath;
import dev.strata.layering.PathOptions;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A planned layer while it is laid out. If its paths do not overlap, each is a part of its tape,
 * which can be laid out and read separately; otherwise all paths are merged after the last one has
 * been scanned. Receives what is found while the layer is laid out, and notes whether there was
 * anything. Thread-safe.
 */
final class LayerContent implements Progress {
  private final List<LayerPath> paths;
  private final @Nullable SeparatePaths separate;
  private final AtomicReferenceArray<PathScan> scans;
  private final AtomicInteger missing;
  private final LayerTape tape;
  private final Progress progress;
  private long whiteoutCount;
  private int whiteoutPart = Integer.MAX_VALUE;
  private String firstWhiteout = "";

  LayerContent(List<LayerPath> paths, Progress progress) {
    this.paths = paths;
    this.progress = progress;
    this.separate = SeparatePaths.of(paths);
    this.scans = new AtomicReferenceArray<>(separate == null ? paths.size() : 0);
    this.missing = new AtomicInteger(paths.size());
    this.tape = new LayerTape(separate == null ? 1 : paths.size());
  }

  /** Returns the number of scans that lay the layer out. */
  int scanCount() {
    return paths.size();
  }

  LayerTape tape() {
    return tape;
  }

  /**
   * Scans one path. Those of a tape with several parts are numbered in the order of the tape.
   *
   * @param meanwhile is run now and then during a long scan
   * @return the files of the path
   */
  PathScan scan(int index, SourceFiles files, Runnable meanwhile) {
    if (separate != null) {
      LayerPath path = paths.get(separate.inOrder(index));
      PathScan scan = scan(path, index, files, meanwhile);
      int shared = separate.sharedDirectories(index);
      FileTree tree = TreeBuilder.build(List.of(path), List.of(scan), files, this);
      noteWhiteouts(index, tree);
      tape.put(index, TarStream.of(tree, shared));
      return scan;
    }
    PathScan scan = scan(paths.get(index), index, files, meanwhile);
    scans.set(index, scan);
    if (missing.decrementAndGet() == 0) {
      PathScan[] all = new PathScan[paths.size()];
      Arrays.setAll(all, scans::get);
      FileTree tree = TreeBuilder.build(paths, List.of(all), files, this);
      noteWhiteouts(0, tree);
      tape.put(0, TarStream.of(tree));
    }
    return scan;
  }

  private PathScan scan(LayerPath path, int index, SourceFiles files, Runnable meanwhile) {
    PathOptions options = path.options();
    PathScan scan =
        PathScan.of(path.path(), files, meanwhile, options == null ? null : options.excludes());
    if (scan.privilegedCount() > 0) {
      tape.notePrivileged(index, scan);
    }
    if (scan.socketCount() > 0) {
      tape.noteRemark();
    }
    return scan;
  }

  @Override
  public void replaced(String first, String second) {
    tape.noteRemark();
    progress.replaced(first, second);
  }

  @Override
  public void ruleUnused(String path, String regex) {
    tape.noteRemark();
    progress.ruleUnused(path, regex);
  }

  private synchronized void noteWhiteouts(int part, FileTree tree) {
    whiteoutCount += tree.whiteoutCount();
    if (tree.whiteoutCount() > 0) {
      tape.noteRemark();
    }
    if (tree.whiteoutCount() > 0 && part < whiteoutPart) {
      whiteoutPart = part;
      firstWhiteout = tree.firstWhiteout();
    }
  }

  /** Returns how many names start with {@code .wh.}, once the layer is laid out. */
  synchronized long whiteoutCount() {
    return whiteoutCount;
  }

  /** Returns the path of the first of them; empty if there is none. */
  synchronized String firstWhiteout() {
    return firstWhiteout;
  }
}
