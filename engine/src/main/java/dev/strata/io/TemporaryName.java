package dev.strata.io;

import java.util.Random;

/** Names for files that stay for a moment. Thread-safe. */
public final class TemporaryName {
  /** A name that is taken is not written to, so names need not be hard to guess. */
  private static final Random RANDOM = new Random();

  private TemporaryName() {}

  /**
   * Draws a name.
   *
   * @return a file name that hardly any file has; create the file as a new one
   */
  public static String next() {
    return ".strata-" + Long.toString(RANDOM.nextLong() >>> 1, 36) + ".tmp";
  }
}
