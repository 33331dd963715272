package dev.strata.io;

import java.util.Random;

/**
 * Names for temporary files. Thread-safe.
 *
 * @since 0.1.0
 */
public final class TemporaryName {
  /** Existing files are never written to, so names need not be hard to guess. */
  private static final Random RANDOM = new Random();

  private TemporaryName() {}

  /**
   * Returns a random name.
   *
   * @return a file name that is most likely unused; create the file only if it does not exist
   */
  public static String next() {
    return ".strata-" + Long.toString(RANDOM.nextLong() >>> 1, 36) + ".tmp";
  }
}
