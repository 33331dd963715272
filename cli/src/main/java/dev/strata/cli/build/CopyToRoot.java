package dev.strata.cli.build;

import dev.strata.cli.build.PathLocator.Located;
import dev.strata.cli.command.UsageException;
import dev.strata.io.FileNames;
import dev.strata.layering.LayerPath;
import dev.strata.layering.LayerPlanner;
import dev.strata.layering.Rewrite;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The paths that are copied to the root of the image: the contents of a folder, or a file. In the
 * order given, so that the files of a later one replace those of an earlier one.
 *
 * @param targets where each path goes in the image, by its name on this machine
 * @param located the paths
 */
record CopyToRoot(Map<String, String> targets, List<Located> located) {
  /**
   * Finds the paths.
   *
   * @throws UsageException if a path is a part of a store path
   * @throws dev.strata.io.StrataException if a path does not exist
   */
  static CopyToRoot of(List<String> typed, PathLocator locator) {
    Map<String, String> targets = new LinkedHashMap<>();
    List<Located> all = new ArrayList<>();
    for (String name : typed) {
      Located found = locator.locate(name);
      if (found.inStore() && isPartOf(found.path(), name)) {
        throw new UsageException(
            "--copy-to-root: "
                + FileNames.quote(name)
                + " is a part of the store path "
                + FileNames.quote(found.path())
                + "; use the store path, or a copy of the part");
      }
      // The last of several equal ones counts.
      targets.remove(found.path());
      targets.put(found.path(), target(name, found));
      all.add(found);
    }
    return new CopyToRoot(targets, all);
  }

  private static boolean isPartOf(String storePath, String name) {
    try {
      Path real = FileNames.path(name).toRealPath();
      Path whole = FileNames.path(storePath);
      return real.startsWith(whole) && !real.equals(whole);
    } catch (IOException _) {
      return false;
    }
  }

  private static String target(String typed, Located found) {
    if (Files.isDirectory(FileNames.path(found.path()))) {
      return "/";
    }
    Path name = FileNames.path(typed).normalize().getFileName();
    return "/" + (name == null ? "" : FileNames.decode(FileNames.bytes(name)));
  }

  /**
   * Returns a plan with the paths in their places.
   *
   * @param planner the settings of all other paths
   * @param layering how they are assigned to layers
   * @param paths all paths, the most popular first
   * @param maxLayers the largest number of layers
   */
  List<List<LayerPath>> plan(
      LayerPlanner planner, Layering layering, List<String> paths, int maxLayers) {
    LayerPlanner moving = planner;
    for (Map.Entry<String, String> target : targets.entrySet()) {
      moving =
          moving.withRewrite(target.getKey(), Rewrite.moving(target.getKey(), target.getValue()));
    }
    if (targets.size() < 2) {
      return layering.plan(moving.withMaxLayers(maxLayers), paths);
    }
    // Above all others, and in layers of their own, where a later file replaces an earlier one.
    List<String> others = new ArrayList<>(paths);
    others.removeAll(targets.keySet());
    List<String> own = List.copyOf(targets.keySet());
    int layersOfOthers = others.isEmpty() ? 0 : Math.max(1, maxLayers - own.size());
    if (layersOfOthers + 1 > maxLayers) {
      others.addAll(own);
      return layering.plan(moving.withMaxLayers(maxLayers), others);
    }
    List<List<LayerPath>> plan = new ArrayList<>();
    if (!others.isEmpty()) {
      plan.addAll(layering.plan(moving.withMaxLayers(layersOfOthers), others));
    }
    plan.addAll(moving.withMaxLayers(maxLayers - layersOfOthers).plan(own));
    return plan;
  }
}
