package dev.strata.explain;

import java.util.List;

/**
 * A file of a layer that is not what it was when the layer was built. Immutable and thread-safe.
 *
 * @param path its path in the image
 * @param source its path on this machine; empty if it is missing
 * @param differences what is different, at least one
 * @since 0.1.0
 */
public record FileChange(String path, String source, List<Difference> differences) {
  /** Copies the differences. */
  public FileChange {
    differences = List.copyOf(differences);
  }

  /** What can be different. */
  public enum Kind {
    /** The file, or the directory with all its files, is missing. */
    MISSING,
    /** The file, or the directory with all its files, was not there. */
    NEW,
    /** A file was replaced by one of another type. */
    TYPE,
    /** The size of a file, and thus its content. */
    SIZE,
    /** The content of a file, of the same size. */
    CONTENT,
    /** The permission bits in the image. */
    MODE,
    /** The target of a symbolic link. */
    LINK,
    /** The content of a file cannot be read. */
    UNREADABLE
  }

  /**
   * One difference.
   *
   * @param kind what is different
   * @param before how it was, such as {@code 0644}; empty where the kind says all
   * @param after how it is, or why a file cannot be read; empty where the kind says all
   * @since 0.1.0
   */
  public record Difference(Kind kind, String before, String after) {}
}
