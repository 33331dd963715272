package dev.strata.transport.archive;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * An archive that is opened when it is first needed, and again after it was closed. Thread-safe.
 */
final class LazyArchive implements AutoCloseable {
  private final @Nullable Path file;
  private @Nullable ArchiveIndex opened;

  /**
   * Opens nothing yet.
   *
   * @param file the archive; null for the standard input of the process
   */
  LazyArchive(@Nullable Path file) {
    this.file = file;
  }

  /** Returns the files of the archive. */
  synchronized ArchiveIndex files() {
    if (opened == null) {
      opened = ArchiveIndex.read(file);
    }
    return opened;
  }

  @Override
  public synchronized void close() {
    if (opened != null) {
      opened.close();
      opened = null;
    }
  }
}
