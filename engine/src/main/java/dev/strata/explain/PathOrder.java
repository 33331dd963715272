package dev.strata.explain;

import dev.strata.io.FileNames;
import java.util.Arrays;

/** The order of paths by their bytes. */
final class PathOrder {
  private PathOrder() {}

  static int compare(String left, String right) {
    int length = Math.min(left.length(), right.length());
    for (int i = 0; i < length; i++) {
      char a = left.charAt(i);
      char b = right.charAt(i);
      if (a != b) {
        // Surrogates sort before other characters as UTF-16, but after them as bytes.
        return a < Character.MIN_SURROGATE && b < Character.MIN_SURROGATE
            ? a - b
            : Arrays.compareUnsigned(FileNames.encode(left), FileNames.encode(right));
      }
    }
    return left.length() - right.length();
  }
}
