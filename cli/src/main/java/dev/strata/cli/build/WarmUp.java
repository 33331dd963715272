package dev.strata.cli.build;

import dev.strata.layer.LayerBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Prepares the JVM for a build, on a thread of its own, while the closure graph is read. */
final class WarmUp {
  /** The size of a closure graph of about 20 paths, in bytes. */
  private static final long LARGE = 8 << 10;

  private WarmUp() {}

  /** Starts if the closure is large enough: the layers of a few paths are built sooner without. */
  static void start(Path closureGraph) {
    try {
      if (Files.size(closureGraph) < LARGE) {
        return;
      }
    } catch (IOException _) {
      // Reading the graph reports it.
      return;
    }
    try {
      Thread.ofPlatform().daemon().name("strata-warm-up").start(LayerBuilder::warmUp);
    } catch (OutOfMemoryError _) {
      // The system permits no more threads: the build does without it.
    }
  }
}
