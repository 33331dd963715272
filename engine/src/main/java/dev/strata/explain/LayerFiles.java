package dev.strata.explain;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one layer. Immutable and thread-safe.
 *
 * @param entries the entries in the order of the tar stream, with the content of each
 * @param size the size of the tar stream in bytes, uncompressed
 * @since 0.1.0
 */
public record LayerFiles(List<Entry> entries, long size) {
  /**
   * An entry with its content.
   *
   * @param file the entry
   * @param content the checksum of the content; null if it is not a file, or if checksums were not
   *     wanted
   * @since 0.1.0
   */
  public record Entry(FileEntry file, @Nullable Checksum content) {}

  /** Copies the entries. */
  public LayerFiles {
    entries = List.copyOf(entries);
  }
}
