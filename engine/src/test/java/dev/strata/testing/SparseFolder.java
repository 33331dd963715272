package dev.strata.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A temporary folder for large sparse files. */
public final class SparseFolder {
  private SparseFolder() {}

  /**
   * Creates the folder, on Linux in a tmpfs: elsewhere, reading a hole fills the page cache with
   * pages of zeros.
   */
  public static Path create(String prefix) throws IOException {
    Path memory = Path.of("/dev/shm");
    Path folder =
        Files.isWritable(memory)
            ? Files.createTempDirectory(memory, prefix)
            : Files.createTempDirectory(prefix);
    return folder.toRealPath();
  }
}
