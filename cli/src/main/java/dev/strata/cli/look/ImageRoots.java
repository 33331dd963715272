package dev.strata.cli.look;

import dev.strata.closure.ClosureGraph;
import dev.strata.closure.StorePath;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The paths that an image contains for their own sake: those that its configuration names and those
 * that were copied to its root. Immutable.
 */
final class ImageRoots {
  private final Map<String, String> settings;
  private final Set<String> copiedToRoot;

  private ImageRoots(Map<String, String> settings, Set<String> copiedToRoot) {
    this.settings = settings;
    this.copiedToRoot = copiedToRoot;
  }

  /**
   * Examines an image.
   *
   * @param config its configuration
   * @param copiedToRoot the paths whose contents lie at its root
   */
  static ImageRoots of(JsonTree config, List<String> copiedToRoot) {
    return new ImageRoots(config.object("config").json(), new HashSet<>(copiedToRoot));
  }

  /** Returns the roots that a closure graph contains, with the reason for each. */
  Map<String, String> among(ClosureGraph graph) {
    Map<String, String> reasons = new LinkedHashMap<>();
    for (StorePath path : graph.paths()) {
      String name = path.path();
      if (copiedToRoot.contains(name)) {
        reasons.put(name, "copied to /");
      }
      settings.forEach((key, value) -> {
        if (value.contains(name)) {
          reasons.putIfAbsent(name, key);
        }
      });
    }
    return reasons;
  }
}
