package dev.strata.closure;

import java.util.List;

/**
 * A store path and the store paths it refers to; itself may be among them.
 *
 * @param path the path, usually absolute
 * @param references the paths it refers to
 */
public record StorePath(String path, List<String> references) {
  /** Copies the references. */
  public StorePath {
    references = List.copyOf(references);
  }
}
