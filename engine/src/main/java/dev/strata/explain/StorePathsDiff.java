package dev.strata.explain;

import dev.strata.closure.StorePathName;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How the store paths of two images differ. A path that one image lacks is matched with a path of
 * the same name in the other: first one of the same version, then of the same output, such as
 * {@code -bin}. Immutable and thread-safe.
 *
 * @param added the paths that only the second image has
 * @param removed the paths that only the first image has
 * @param replaced the paths that have the same name, but another hash, and often another version
 * @since 0.1.0
 */
public record StorePathsDiff(List<Sized> added, List<Sized> removed, List<Replaced> replaced) {
  private static final Pattern OUTPUT = Pattern.compile(".*(-[a-z]+)");

  /**
   * A store path.
   *
   * @param path the path
   * @param size its size in the layer in bytes; negative if it is unknown
   * @since 0.1.0
   */
  public record Sized(String path, long size) {}

  /**
   * A store path and the one that takes its place.
   *
   * @param before the path in the first image
   * @param after the path in the second image
   * @since 0.1.0
   */
  public record Replaced(Sized before, Sized after) {
    /**
     * Returns whether the version is another one.
     *
     * @return false if only the hash differs
     */
    public boolean isNewVersion() {
      return !StorePathName.of(before.path)
          .version()
          .equals(StorePathName.of(after.path).version());
    }
  }

  /** Copies the lists. */
  public StorePathsDiff {
    added = List.copyOf(added);
    removed = List.copyOf(removed);
    replaced = List.copyOf(replaced);
  }

  /**
   * Compares store paths.
   *
   * @param before the paths of the first image with their sizes in bytes
   * @param after the paths of the second image
   * @return the differences, sorted by name
   */
  public static StorePathsDiff of(Map<String, Long> before, Map<String, Long> after) {
    Map<String, List<Sized>> old = byName(before, after);
    Map<String, List<Sized>> now = byName(after, before);
    List<Sized> added = new ArrayList<>();
    List<Replaced> replaced = new ArrayList<>();
    now.forEach((name, paths) -> {
      List<Sized> candidates = old.getOrDefault(name, new ArrayList<>());
      match(candidates, paths, replaced);
      added.addAll(paths);
    });
    List<Sized> removed = new ArrayList<>();
    old.values().forEach(removed::addAll);
    return new StorePathsDiff(added, removed, replaced);
  }

  private static Map<String, List<Sized>> byName(Map<String, Long> paths, Map<String, Long> other) {
    Map<String, List<Sized>> byName = new TreeMap<>();
    paths.forEach((path, size) -> {
      if (!other.containsKey(path)) {
        byName.computeIfAbsent(key(path), _ -> new ArrayList<>()).add(new Sized(path, size));
      }
    });
    byName
        .values()
        .forEach(list ->
            list.sort(
                Comparator.comparing((Sized path) -> StorePathName.of(path.path()).version())
                    .thenComparing(Sized::path)));
    return byName;
  }

  /** Returns the folder, name and output of a path, which stay the same in a new version. */
  private static String key(String path) {
    StorePathName name = StorePathName.of(path);
    Matcher output = OUTPUT.matcher(name.version());
    return name.name()
        + "/"
        + (output.matches() ? output.group(1) : "")
        + path.substring(0, path.lastIndexOf('/') + 1);
  }

  /** Moves pairs of paths to the replaced ones: first those of the same version, then others. */
  private static void match(List<Sized> old, List<Sized> now, List<Replaced> replaced) {
    Map<String, Deque<Sized>> byVersion = new HashMap<>();
    for (Sized path : old) {
      byVersion.computeIfAbsent(version(path), _ -> new ArrayDeque<>()).add(path);
    }
    Set<Sized> matched = new HashSet<>();
    for (Sized after : now) {
      Sized before = byVersion.getOrDefault(version(after), new ArrayDeque<>()).poll();
      if (before != null) {
        replaced.add(new Replaced(before, after));
        matched.add(before);
        matched.add(after);
      }
    }
    old.removeIf(matched::contains);
    now.removeIf(matched::contains);
    int pairs = Math.min(old.size(), now.size());
    for (int i = 0; i < pairs; i++) {
      replaced.add(new Replaced(old.get(i), now.get(i)));
    }
    old.subList(0, pairs).clear();
    now.subList(0, pairs).clear();
  }

  private static String version(Sized path) {
    return StorePathName.of(path.path()).version();
  }

  /**
   * Returns whether both images have the same store paths.
   *
   * @return true if they have
   */
  public boolean isEmpty() {
    return added.isEmpty() && removed.isEmpty() && replaced.isEmpty();
  }

  /**
   * Returns by how much the store paths grew.
   *
   * @return the difference in bytes; negative if they shrank
   */
  public long sizeDelta() {
    long delta = 0;
    for (Sized path : added) {
      delta += path.size();
    }
    for (Sized path : removed) {
      delta -= path.size();
    }
    for (Replaced pair : replaced) {
      delta += pair.after().size() - pair.before().size();
    }
    return delta;
  }
}
