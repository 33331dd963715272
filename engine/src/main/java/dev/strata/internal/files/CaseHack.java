package dev.strata.internal.files;

import dev.strata.io.GoPaths;
import dev.strata.io.HostPlatform;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The suffix that Nix adds to names on macOS. In a directory on a case-insensitive file system,
 * {@code README} and {@code readme} would be the same file, so Nix unpacks the second one as {@code
 * readme~nix~case~hack~1}. In the image, the files have their own names again.
 *
 * <p>The rule is that of the reference implementation when it is built for macOS, and of Nix when
 * it packs a store path: a name ends before the first occurrence of the suffix. The targets of
 * symbolic links never have the suffix. Stateless and thread-safe.
 */
public final class CaseHack {
  private static final byte[] SUFFIX = "~nix~case~hack~".getBytes(StandardCharsets.US_ASCII);

  private CaseHack() {}

  /** Returns whether names may have the suffix on this machine. */
  public static boolean isUsed() {
    return HostPlatform.isDarwin();
  }

  /** Returns the length of a name without the suffix; its length if it does not have the suffix. */
  public static int nameLength(byte[] bytes, int offset, int length) {
    int last = offset + length - SUFFIX.length;
    for (int at = offset; at <= last; at++) {
      if (bytes[at] == SUFFIX[0]
          && Arrays.equals(bytes, at, at + SUFFIX.length, SUFFIX, 0, SUFFIX.length)) {
        return at - offset;
      }
    }
    return length;
  }

  /** Returns whether a name, or a component of a path, has the suffix. */
  public static boolean isIn(byte[] path) {
    return nameLength(path, 0, path.length) < path.length;
  }

  /** Returns a path without the suffix of each of its components, cleaned as by Go. */
  public static byte[] strip(byte[] path) {
    byte[] out = new byte[path.length];
    int n = 0;
    int start = 0;
    while (start < path.length) {
      int end = start;
      while (end < path.length && path[end] != '/') {
        end++;
      }
      int length = nameLength(path, start, end - start);
      System.arraycopy(path, start, out, n, length);
      n += length;
      if (end < path.length) {
        out[n++] = '/';
      }
      start = end + 1;
    }
    // A relative path remains relative, even if nothing is left of its first component.
    int from = 0;
    while (path.length > 0 && path[0] != '/' && from < n && out[from] == '/') {
      from++;
    }
    return from == n ? new byte[0] : GoPaths.clean(Arrays.copyOfRange(out, from, n));
  }
}
