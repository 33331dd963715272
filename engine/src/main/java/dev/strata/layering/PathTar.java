package dev.strata.layering;

import dev.strata.internal.json.JsonInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A path that gets a layer of its own, and the tar archive whose members it contains, unpacked.
 * Immutable and thread-safe.
 *
 * @param path the path
 * @param tar the archive, which has the modes and owners of the files below the path; empty for
 *     none
 * @param times whether the files have the modification times of the members, too
 * @param replaces the path that this one replaces, whose permission rules apply to it; empty for
 *     none
 * @since 0.1.0
 */
public record PathTar(String path, String tar, boolean times, String replaces) {
  /**
   * Reads a file: an array of objects with {@code path}, {@code tar}, {@code times}, which is true
   * unless given, and {@code replaces}.
   *
   * @param file the JSON file
   * @return the paths; empty for JSON {@code null}
   * @throws dev.strata.io.NotFoundException if the file does not exist
   * @throws dev.strata.io.InvalidInputException if the file is not such JSON
   * @throws dev.strata.io.StrataException if the file cannot be read
   */
  public static List<PathTar> readAll(Path file) {
    List<PathTar> read = JsonInput.read(file, in -> in.list("tar archives", PathTar::read));
    return read == null ? List.of() : read;
  }

  private static PathTar read(JsonInput in) {
    class Fields {
      String path = "";
      String tar = "";
      boolean times = true;
      String replaces = "";
    }
    Fields f = new Fields();
    in.object(
        "a tar archive of a path",
        (key, value) -> {
          switch (key) {
            case "path" -> f.path = value.string("");
            case "tar" -> f.tar = value.string("");
            case "times" -> f.times = value.bool(true);
            case "replaces" -> f.replaces = value.string("");
            default -> value.skip();
          }
        });
    return new PathTar(f.path, f.tar, f.times, f.replaces);
  }

  /**
   * Returns the path with its rewrite and permission rules: those of the members, then those of the
   * path it replaces, then its own.
   *
   * @param planner has the rewrites and permission rules of paths
   * @param members the rules for the members of the archive
   * @return the path with its options
   */
  public LayerPath planned(LayerPlanner planner, List<Perm> members) {
    LayerPath own = planner.withOptions(path);
    List<Perm> rules = new ArrayList<>(members);
    if (!replaces.isEmpty()) {
      for (Perm rule : rules(planner.withOptions(replaces))) {
        rules.add(rule.withRegex(moved(rule.regex())));
      }
    }
    rules.addAll(rules(own));
    PathOptions options = own.options();
    if (rules.isEmpty()) {
      return own;
    }
    return new LayerPath(
        path, new PathOptions(options == null ? Rewrite.NONE : options.rewrite(), rules));
  }

  private static List<Perm> rules(LayerPath path) {
    PathOptions options = path.options();
    return options == null ? List.of() : options.rules();
  }

  /** Changes an expression that contains the replaced path, as it is or escaped. */
  private String moved(String regex) {
    return regex
        .replace(Rewrite.literal(replaces), Rewrite.literal(path))
        .replace(replaces, Rewrite.literal(path));
  }
}
