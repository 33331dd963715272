package dev.strata.cli.build;

import dev.strata.internal.files.SourceFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Gets the JVM ready for layers, on a thread of its own, while the closure graph is read: begins to
 * bind libc, and calls SHA-256 until the compiler puts the CPU's instructions in its place.
 */
final class WarmUp {
  /** The size of a closure graph of about 20 paths, in bytes. */
  private static final long LARGE = 8 << 10;

  /** Enough calls for the compiler; a few milliseconds. */
  private static final int CALLS = 1000;

  /** Two blocks of SHA-256: one alone goes another way. */
  private static final int BYTES = 128;

  private WarmUp() {}

  /**
   * Starts, if the closure is of a size to gain from it: the layers of a few paths are done sooner.
   */
  static void start(Path closureGraph) {
    try {
      if (Files.size(closureGraph) < LARGE) {
        return;
      }
    } catch (IOException _) {
      // Whoever reads the graph says what is wrong with it.
      return;
    }
    Thread.ofPlatform().daemon().name("strata-warm-up").start(WarmUp::run);
  }

  private static void run() {
    SourceFiles.prepare();
    try {
      MessageDigest hash = MessageDigest.getInstance("SHA-256");
      byte[] blocks = new byte[BYTES];
      for (int i = 0; i < CALLS; i++) {
        hash.update(blocks);
      }
    } catch (NoSuchAlgorithmException _) {
      // The build finds the same and says so.
    }
  }
}
