package dev.strata.layer;

import dev.strata.io.SourceFiles;
import dev.strata.layering.LayerPath;
import dev.strata.tar.TarStream;
import dev.strata.tree.PathScan;
import dev.strata.tree.TreeBuilder;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * One planned layer while it is laid out: its paths are scanned by any worker, whoever scans the
 * last one merges them. Thread-safe.
 */
final class LayerContent {
  private final List<LayerPath> paths;
  private final AtomicReferenceArray<PathScan> scans;
  private final AtomicInteger missing;
  private volatile @Nullable TarStream stream;

  LayerContent(List<LayerPath> paths) {
    this.paths = paths;
    this.scans = new AtomicReferenceArray<>(paths.size());
    this.missing = new AtomicInteger(paths.size());
  }

  List<LayerPath> paths() {
    return paths;
  }

  /** Scans one path; with the last one the stream is known. */
  void scan(int index, SourceFiles files) {
    scans.set(index, PathScan.of(paths.get(index).path(), files));
    if (missing.decrementAndGet() == 0) {
      merge();
    }
  }

  private void merge() {
    PathScan[] all = new PathScan[paths.size()];
    Arrays.setAll(all, scans::get);
    stream = TarStream.of(TreeBuilder.build(paths, List.of(all)));
  }

  /** The stream, once all paths are scanned. */
  TarStream stream() {
    return Objects.requireNonNull(stream);
  }
}
