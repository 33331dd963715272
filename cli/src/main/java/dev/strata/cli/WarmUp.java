package dev.strata.cli;

import dev.strata.io.SourceFiles;
import dev.strata.io.StrataException;
import dev.strata.layer.Digest;

/**
 * Gets the JVM ready for layers, on a thread of its own, while the closure graph is read: binds the
 * functions of libc, finds SHA-256, and hashes until the compiler takes notice.
 */
final class WarmUp {
  /** Enough calls for the compiler, over in a few milliseconds without it. */
  private static final int BYTES = 64 << 10;

  private WarmUp() {}

  /** Starts. */
  static void start() {
    Thread.ofPlatform().daemon().name("strata-warm-up").start(WarmUp::run);
  }

  private static void run() {
    try {
      SourceFiles.open().close();
      Digest.of(new byte[BYTES]);
    } catch (StrataException _) {
      // The build finds the same and says so.
    }
  }
}
