package dev.strata.layering;

import dev.strata.internal.json.JsonInput;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Assigns store paths to layers. Immutable and thread-safe: each {@code with} method returns a new
 * planner.
 *
 * @since 0.1.0
 */
public final class LayerPlanner {
  private final int maxLayers;
  private final Map<String, Rewrite> rewrites;
  private final Map<String, List<Perm>> perms;
  // Empty by default, like the flag of the reference implementation: an empty path is left out.
  private final String ignored;
  private final Set<LayerPath> parents;
  private final @Nullable LayerSplit split;
  private final Map<String, Excludes> excludes;

  private LayerPlanner(
      int maxLayers,
      Map<String, Rewrite> rewrites,
      Map<String, List<Perm>> perms,
      String ignored,
      Set<LayerPath> parents,
      @Nullable LayerSplit split,
      Map<String, Excludes> excludes) {
    this.maxLayers = maxLayers;
    this.rewrites = rewrites;
    this.perms = perms;
    this.ignored = ignored;
    this.parents = parents;
    this.split = split;
    this.excludes = excludes;
  }

  /**
   * Creates a planner for one layer, without rewrites, permission rules and parent layers.
   *
   * @return a planner
   */
  public static LayerPlanner create() {
    return new LayerPlanner(1, Map.of(), Map.of(), "", Set.of(), null, Map.of());
  }

  /**
   * Sets the largest number of layers. The first paths get a layer each, the last layer takes all
   * remaining ones. Zero or less means one layer per path, as in the reference implementation.
   *
   * @param max the number of layers
   * @return a new planner
   */
  public LayerPlanner withMaxLayers(int max) {
    return new LayerPlanner(max, rewrites, perms, ignored, parents, split, excludes);
  }

  /**
   * Sets the rewrite for a store path, replacing an earlier one.
   *
   * @param path the store path
   * @param rewrite the rewrite
   * @return a new planner
   */
  public LayerPlanner withRewrite(String path, Rewrite rewrite) {
    Map<String, Rewrite> all = new HashMap<>(rewrites);
    all.put(path, rewrite);
    return new LayerPlanner(maxLayers, all, perms, ignored, parents, split, excludes);
  }

  /**
   * Adds a permission rule for a store path, after the existing ones.
   *
   * @param path the store path
   * @param perm the rule
   * @return a new planner
   */
  public LayerPlanner withPerm(String path, Perm perm) {
    return withPerms(List.of(new Perm.ForPath(path, perm)));
  }

  private LayerPlanner withPerms(List<Perm.ForPath> added) {
    Map<String, List<Perm>> all = new HashMap<>();
    perms.forEach((path, rules) -> all.put(path, new ArrayList<>(rules)));
    for (Perm.ForPath p : added) {
      all.computeIfAbsent(p.path(), _ -> new ArrayList<>()).add(p.perm());
    }
    return new LayerPlanner(maxLayers, rewrites, all, ignored, parents, split, excludes);
  }

  /**
   * Reads rewrites from a file: an array of objects with {@code path}, {@code regex} and {@code
   * repl}.
   *
   * @param file the JSON file
   * @return a new planner
   * @throws dev.strata.io.NotFoundException if the file does not exist
   * @throws dev.strata.io.InvalidInputException if the file is not such JSON
   * @throws dev.strata.io.StrataException if the file cannot be read
   */
  public LayerPlanner withRewritesFrom(Path file) {
    record ForPath(String path, Rewrite rewrite) {}
    List<ForPath> read =
        JsonInput.read(
            file,
            in ->
                in.list(
                    "rewrites",
                    element -> {
                      class Fields {
                        String path = "";
                        String regex = "";
                        String replacement = "";
                      }
                      Fields f = new Fields();
                      element.object(
                          "a rewrite of a path",
                          (key, value) -> {
                            switch (key) {
                              case "path" -> f.path = value.string(f.path);
                              case "regex" -> f.regex = value.string(f.regex);
                              case "repl" -> f.replacement = value.string(f.replacement);
                              default -> value.skip();
                            }
                          });
                      return new ForPath(f.path, new Rewrite(f.regex, f.replacement));
                    }));
    Map<String, Rewrite> all = new HashMap<>(rewrites);
    if (read != null) {
      read.forEach(r -> all.put(r.path(), r.rewrite()));
    }
    return new LayerPlanner(maxLayers, all, perms, ignored, parents, split, excludes);
  }

  /**
   * Reads permission rules from a file: an array of objects with {@code path}, {@code regex},
   * {@code mode}, {@code uid}, {@code gid}, {@code uname} and {@code gname}.
   *
   * @param file the JSON file
   * @return a new planner
   * @throws dev.strata.io.NotFoundException if the file does not exist
   * @throws dev.strata.io.InvalidInputException if the file is not such JSON
   * @throws dev.strata.io.StrataException if the file cannot be read
   */
  public LayerPlanner withPermsFrom(Path file) {
    return withPermsFrom(file, _ -> {});
  }

  /**
   * Reads permission rules from a file, and reports unknown keys, which {@link
   * #withPermsFrom(Path)} ignores.
   *
   * @param file the JSON file
   * @param unknownKey receives each unknown key of a rule, as it is written; may throw
   * @return a new planner
   * @throws dev.strata.io.NotFoundException if the file does not exist
   * @throws dev.strata.io.InvalidInputException if the file is not such JSON
   * @throws dev.strata.io.StrataException if the file cannot be read
   */
  public LayerPlanner withPermsFrom(Path file, Consumer<String> unknownKey) {
    List<Perm.ForPath> read =
        JsonInput.read(
            file, in -> in.list("permission rules", rule -> Perm.readForPath(rule, unknownKey)));
    return read == null ? this : withPerms(read);
  }

  /**
   * Returns the paths that have permission rules.
   *
   * @return the paths, in no order
   */
  public Set<String> permPaths() {
    return Set.copyOf(perms.keySet());
  }

  /**
   * Leaves a store path out of all layers, replacing an earlier choice.
   *
   * @param path the store path
   * @return a new planner
   */
  public LayerPlanner withIgnored(String path) {
    return new LayerPlanner(maxLayers, rewrites, perms, path, parents, split, excludes);
  }

  /**
   * Leaves out the paths that parent layers contain with equal options.
   *
   * @param paths the paths of the parent layers, in addition to earlier ones
   * @return a new planner
   */
  public LayerPlanner withParentPaths(Collection<LayerPath> paths) {
    Set<LayerPath> all = new HashSet<>(parents);
    all.addAll(paths);
    return new LayerPlanner(maxLayers, rewrites, perms, ignored, all, split, excludes);
  }

  /**
   * Assigns paths to layers as listed in a file, instead of by popularity: an array of layers, each
   * an array of store paths. Paths that are not listed share a last layer. The largest number of
   * layers is ignored then.
   *
   * @param file the JSON file
   * @return a new planner
   * @throws dev.strata.io.NotFoundException if the file does not exist
   * @throws dev.strata.io.InvalidInputException if the file is not such JSON or lists a path twice
   * @throws dev.strata.io.StrataException if the file cannot be read
   */
  public LayerPlanner withSplitFrom(Path file) {
    return new LayerPlanner(
        maxLayers, rewrites, perms, ignored, parents, LayerSplit.read(file), excludes);
  }

  /**
   * Leaves files and directories of store paths out, as listed in a file: an array of objects with
   * {@code path} and {@code excludes}, an array of names relative to the path.
   *
   * @param file the JSON file
   * @return a new planner
   * @throws dev.strata.io.NotFoundException if the file does not exist
   * @throws dev.strata.io.InvalidInputException if the file is not such JSON, or has a name that is
   *     not below its path
   * @throws dev.strata.io.StrataException if the file cannot be read
   */
  public LayerPlanner withExcludesFrom(Path file) {
    Map<String, Excludes> all = new LinkedHashMap<>(excludes);
    for (Excludes read : Excludes.read(file)) {
      all.merge(read.path(), read, Excludes::and);
    }
    return new LayerPlanner(maxLayers, rewrites, perms, ignored, parents, split, all);
  }

  /**
   * Assigns store paths to layers.
   *
   * @param paths the store paths, most popular first
   * @return the paths of each layer; empty if no path is left
   * @throws dev.strata.io.InvalidInputException if the file of {@link #withSplitFrom} lists a path
   *     that is not among these, or that of {@link #withExcludesFrom} a path that is not among
   *     these or files that do not exist
   */
  public List<List<LayerPath>> plan(List<String> paths) {
    excludes.values().forEach(e -> e.check(paths));
    List<LayerPath> kept = new ArrayList<>(paths.size());
    for (String path : paths) {
      LayerPath planned = withOptions(path);
      if (!path.equals(ignored) && !parents.contains(planned)) {
        kept.add(planned);
      }
    }
    if (split != null) {
      split.check(paths);
      return split.apply(kept);
    }
    List<List<LayerPath>> layers = new ArrayList<>();
    for (int i = 0; i < kept.size(); ) {
      int end = i == maxLayers - 1 ? kept.size() : i + 1;
      layers.add(List.copyOf(kept.subList(i, end)));
      i = end;
    }
    return layers;
  }

  /**
   * Assigns store paths to layers by a strategy. A file of {@link #withSplitFrom} is not used.
   *
   * @param closure the store paths
   * @param strategy assigns paths to layers
   * @param minSize the least size of a layer in bytes
   * @return the paths of each layer; empty if no path is left
   * @throws dev.strata.io.InvalidInputException if the strategy needs the size of a path, which is
   *     unknown, or the file of {@link #withExcludesFrom} lists a path that is not among these or
   *     files that do not exist
   */
  public List<List<LayerPath>> plan(SizedClosure closure, LayeringStrategy strategy, long minSize) {
    excludes.values().forEach(e -> e.check(closure.paths()));
    List<String> kept = new ArrayList<>();
    for (String path : closure.paths()) {
      if (!path.equals(ignored) && !parents.contains(withOptions(path))) {
        kept.add(path);
      }
    }
    List<List<LayerPath>> layers = new ArrayList<>();
    for (List<String> layer :
        strategy.assign(closure.only(kept), new LayerLimits(maxLayers, minSize))) {
      layers.add(layer.stream().map(this::withOptions).toList());
    }
    return layers;
  }

  /**
   * Returns a path with its rewrite and permission rules, whether or not it is in a layer.
   *
   * @param path the store path
   * @return the path with its options
   */
  public LayerPath withOptions(String path) {
    return new LayerPath(path, options(path));
  }

  private @Nullable PathOptions options(String path) {
    Rewrite rewrite = rewrites.get(path);
    Excludes excluded = excludes.get(path);
    if (excluded != null) {
      rewrite = excluded.rewrite(rewrite);
    }
    List<Perm> rules = perms.get(path);
    if (rewrite == null && rules == null) {
      return null;
    }
    return new PathOptions(rewrite == null ? Rewrite.NONE : rewrite, rules);
  }
}
