package dev.strata.bench.cores;

import java.util.List;

/**
 * The work in one layer: what has to be scanned, and the slabs of its tar stream. Immutable and
 * thread-safe.
 */
final class LayerLoad {
  /** The size of a slab of the engine in bytes. */
  static final int SLAB_BYTES = 256 << 10;

  /** The two blocks of zeros at the end of a tar stream. */
  private static final int END_OF_ARCHIVE = 1024;

  private final List<PathLoad> paths;
  private final long bytes;

  /** The number of files that are opened to fill each slab. */
  private final int[] opens;

  /**
   * Lays out a layer.
   *
   * @param paths its paths in the order of the tar stream
   */
  LayerLoad(List<PathLoad> paths) {
    this.paths = List.copyOf(paths);
    this.bytes = paths.stream().mapToLong(PathLoad::bytes).sum() + END_OF_ARCHIVE;
    this.opens = new int[Math.toIntExact((bytes + SLAB_BYTES - 1) / SLAB_BYTES)];
    long start = 0;
    for (PathLoad p : paths) {
      for (int i = 0; i < p.fileStarts().length; i++) {
        long first = start + p.fileStarts()[i];
        long last = first + Math.max(1, p.fileSizes()[i]) - 1;
        for (long slab = first / SLAB_BYTES; slab <= last / SLAB_BYTES; slab++) {
          // An empty file at the very end belongs to the last slab.
          opens[(int) Math.min(slab, opens.length - 1)]++;
        }
      }
      start += p.bytes();
    }
  }

  List<PathLoad> paths() {
    return paths;
  }

  /** Returns the size of the tar stream in bytes. */
  long bytes() {
    return bytes;
  }

  int slabs() {
    return opens.length;
  }

  /** Returns the number of bytes in a slab. */
  int length(int slab) {
    return (int) Math.min(SLAB_BYTES, bytes - (long) slab * SLAB_BYTES);
  }

  /** Returns the number of files that are opened to fill a slab. */
  int opens(int slab) {
    return opens[slab];
  }
}
