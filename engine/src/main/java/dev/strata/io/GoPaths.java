package dev.strata.io;

/**
 * Operations of Go's {@code path/filepath} for Unix, on bytes. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class GoPaths {
  private GoPaths() {}

  /**
   * Cleans a path lexically, as Go's {@code filepath.Clean} does: removes empty and {@code .}
   * components, resolves {@code ..} where a component precedes it, and turns an empty path into
   * {@code .}.
   *
   * @param path the path
   * @return the shortest path with the same meaning, not considering symbolic links
   */
  public static byte[] clean(byte[] path) {
    int n = path.length;
    if (n == 0) {
      return new byte[] {'.'};
    }
    boolean rooted = path[0] == '/';
    byte[] out = new byte[n];
    int w = 0;
    int r = 0;
    int keep = 0;
    if (rooted) {
      out[w++] = '/';
      r = 1;
      keep = 1;
    }
    while (r < n) {
      int end = r;
      while (end < n && path[end] != '/') {
        end++;
      }
      int length = end - r;
      if (length == 0 || length == 1 && path[r] == '.') {
        r = end + 1;
        continue;
      }
      if (length == 2 && path[r] == '.' && path[r + 1] == '.') {
        if (w > keep) {
          w--;
          while (w > keep && out[w] != '/') {
            w--;
          }
        } else if (!rooted) {
          if (w > 0) {
            out[w++] = '/';
          }
          out[w++] = '.';
          out[w++] = '.';
          keep = w;
        }
        r = end + 1;
        continue;
      }
      if (rooted && w != 1 || !rooted && w != 0) {
        out[w++] = '/';
      }
      System.arraycopy(path, r, out, w, length);
      w += length;
      r = end + 1;
    }
    if (w == 0) {
      return new byte[] {'.'};
    }
    return java.util.Arrays.copyOf(out, w);
  }
}
