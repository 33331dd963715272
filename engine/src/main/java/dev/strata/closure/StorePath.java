package dev.strata.closure;

import java.util.List;

/**
 * A store path and the store paths it refers to. Immutable and thread-safe.
 *
 * @param path the path, usually absolute
 * @param references the paths it refers to; may include the path itself
 * @param nar what is known of its Nix archive
 * @since 0.1.0
 */
public record StorePath(String path, List<String> references, NarInfo nar) {
  /** Copies the references. */
  public StorePath {
    references = List.copyOf(references);
  }

  /**
   * Creates a store path of whose archive nothing is known.
   *
   * @param path the path, usually absolute
   * @param references the paths it refers to; may include the path itself
   */
  public StorePath(String path, List<String> references) {
    this(path, references, NarInfo.UNKNOWN);
  }
}
