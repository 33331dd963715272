package dev.strata.internal.tree;

import dev.strata.internal.files.CaseHack;
import dev.strata.io.FileNames;
import dev.strata.io.GoPaths;
import dev.strata.layering.LayerPath;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The paths of a layer in the order of its tar stream, if each of them is a contiguous part of the
 * stream: no path is rewritten, and none contains another. Immutable and thread-safe.
 */
public final class SeparatePaths {
  private final int[] order;
  private final int[] shared;

  private SeparatePaths(int[] order, int[] shared) {
    this.order = order;
    this.shared = shared;
  }

  /**
   * Orders paths if they are separate.
   *
   * @param paths the paths of a layer
   * @return their order, or null if they have to be merged
   */
  public static @Nullable SeparatePaths of(List<LayerPath> paths) {
    return of(paths, CaseHack.isUsed());
  }

  static @Nullable SeparatePaths of(List<LayerPath> paths, boolean caseHack) {
    byte[][] names = new byte[paths.size()][];
    for (int i = 0; i < names.length; i++) {
      LayerPath path = paths.get(i);
      names[i] = FileNames.encode(path.path());
      boolean renamed =
          path.options() != null && !path.options().rewrite().regex().isEmpty()
              || caseHack && CaseHack.isIn(names[i]);
      boolean rooted = names[i].length > 1 && names[i][0] == '/';
      if (renamed || !rooted || !Arrays.equals(names[i], GoPaths.clean(names[i]))) {
        return null;
      }
    }
    int[] order =
        IntStream.range(0, names.length)
            .boxed()
            .sorted((a, b) -> compare(names[a], names[b]))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] shared = new int[order.length];
    for (int i = 1; i < order.length; i++) {
      byte[] above = names[order[i - 1]];
      byte[] below = names[order[i]];
      if (isWithin(below, above)) {
        return null;
      }
      shared[i] = sharedDirectories(above, below);
    }
    return new SeparatePaths(order, shared);
  }

  /** Compares level by level, so that the content of a directory directly follows it. */
  private static int compare(byte[] a, byte[] b) {
    int at = Arrays.mismatch(a, b);
    if (at < 0 || at == a.length || at == b.length) {
      return a.length - b.length;
    }
    if (a[at] == '/' || b[at] == '/') {
      return a[at] == '/' ? -1 : 1;
    }
    return Byte.compareUnsigned(a[at], b[at]);
  }

  private static boolean isWithin(byte[] path, byte[] directory) {
    int at = Arrays.mismatch(path, directory);
    return at < 0 || at == directory.length && path[at] == '/';
  }

  /** Counts the directories that contain both paths, including the root. */
  private static int sharedDirectories(byte[] a, byte[] b) {
    int count = 0;
    int end = Arrays.mismatch(a, b);
    for (int i = 0; i < end; i++) {
      count += a[i] == '/' ? 1 : 0;
    }
    return count;
  }

  /**
   * Returns the path at a position of the stream.
   *
   * @param place the position, from 0
   * @return the index of the path in the layer
   */
  public int inOrder(int place) {
    return order[place];
  }

  /**
   * Returns the number of directories that contain both a path and the one before it.
   *
   * @param place the position, from 0
   * @return the number of directories, including the root; 0 for the first path
   */
  public int sharedDirectories(int place) {
    return shared[place];
  }
}
