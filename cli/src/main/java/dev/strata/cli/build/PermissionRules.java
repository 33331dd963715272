package dev.strata.cli.build;

import dev.strata.cli.command.Suggestion;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.layering.LayerPlanner;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads permission rules, and notices those that have no effect. */
final class PermissionRules {
  private static final List<String> KEYS =
      List.of("path", "regex", "mode", "uid", "gid", "uname", "gname", "orMode", "mtime");

  private PermissionRules() {}

  /**
   * Adds the rules of a file.
   *
   * @throws InvalidInputException if a rule has an unknown key
   */
  static LayerPlanner addTo(LayerPlanner planner, String file) {
    return planner.withPermsFrom(FileNames.path(file), key -> refuse(file, key));
  }

  private static void refuse(String file, String key) {
    String hint = Suggestion.of(key, KEYS);
    throw new InvalidInputException(
        FileNames.quote(file)
            + " has a rule with the unknown key "
            + FileNames.quote(key)
            + (hint.isEmpty() ? "; use " + String.join(", ", KEYS) : hint));
  }

  /** Warns of rules for paths that are not in the image. */
  static void warnOfUnused(LayerPlanner planner, List<String> paths, PrintWriter err) {
    Set<String> unused = new HashSet<>(planner.permPaths());
    paths.forEach(unused::remove);
    for (String path : unused.stream().sorted().toList()) {
      err.println(
          "strata: warning: there are permission rules for "
              + FileNames.quote(path)
              + ", which is not a path of the image; use its full name on this machine");
    }
  }
}
