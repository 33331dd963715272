package dev.strata.explain;

import dev.strata.closure.NarInfo;

/**
 * A path that is not what was recorded of it. Immutable and thread-safe.
 *
 * @param path the path on this machine
 * @param kind what is different
 * @param recorded hash and size of its Nix archive as they were recorded
 * @param found hash and size now, as far as they were computed
 * @param problem why the path cannot be read; empty if it can
 * @since 0.1.0
 */
public record PathChange(String path, Kind kind, NarInfo recorded, NarInfo found, String problem) {
  /** What is different. */
  public enum Kind {
    /** The hash of the archive. */
    CONTENT,
    /** The size of the archive; its hash was not recorded. */
    SIZE,
    /** The path does not exist. */
    MISSING,
    /** The path, or a file in it, cannot be read or cannot be in an archive. */
    UNREADABLE
  }
}
