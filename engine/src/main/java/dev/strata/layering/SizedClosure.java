package dev.strata.layering;

import dev.strata.closure.ClosureGraph;
import dev.strata.closure.StorePath;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What layers are planned from: store paths in an order, with their references and sizes. Immutable
 * and thread-safe.
 *
 * @since 0.1.0
 */
public final class SizedClosure {
  private static final long UNKNOWN = -1;

  private final List<String> paths;
  private final Map<String, Integer> ids;
  private final int[][] references;
  private final long[] sizes;

  private SizedClosure(List<String> paths, int[][] references, long[] sizes) {
    this.paths = paths;
    this.references = references;
    this.sizes = sizes;
    ids = HashMap.newHashMap(paths.size());
    for (int i = 0; i < paths.size(); i++) {
      ids.put(paths.get(i), i);
    }
  }

  /**
   * Creates the closure of a graph, with the sizes of the Nix archives that it has recorded. The
   * order is that of {@link ClosureGraph#byPopularity}, which depends on the order of the graph if
   * paths are equally popular; that of {@link ClosureGraph#sorted} does not.
   *
   * @param graph the graph
   * @return the closure
   * @throws InvalidInputException if the references form a cycle, or a size is malformed
   */
  public static SizedClosure of(ClosureGraph graph) {
    List<String> paths = graph.byPopularity();
    SizedClosure closure =
        new SizedClosure(paths, new int[paths.size()][0], new long[paths.size()]);
    Arrays.fill(closure.sizes, UNKNOWN);
    for (StorePath path : graph.paths()) {
      int id = closure.id(path.path());
      closure.references[id] =
          path.references().stream()
              .mapToInt(closure::id)
              .filter(reference -> reference != id)
              .sorted()
              .distinct()
              .toArray();
      closure.sizes[id] = path.nar().size().orElse(UNKNOWN);
    }
    return closure;
  }

  /**
   * Returns the paths.
   *
   * @return the paths, the most popular first
   */
  public List<String> paths() {
    return paths;
  }

  /**
   * Returns the paths whose sizes are unknown.
   *
   * @return the paths, in their order
   */
  public List<String> pathsWithoutSize() {
    return paths.stream().filter(path -> sizes[id(path)] == UNKNOWN).toList();
  }

  /**
   * Sets sizes.
   *
   * @param known sizes in bytes, by path
   * @return a closure with these sizes, and otherwise those of this one
   */
  public SizedClosure withSizes(Map<String, Long> known) {
    long[] all = sizes.clone();
    known.forEach((path, size) -> all[id(path)] = size);
    return new SizedClosure(paths, references, all);
  }

  /**
   * Keeps some of the paths, with the references between them.
   *
   * @param kept the paths to keep
   * @return a closure with these paths, in the order of this one
   */
  public SizedClosure only(Collection<String> kept) {
    Set<String> wanted = new HashSet<>(kept);
    if (wanted.containsAll(paths)) {
      return this;
    }
    List<String> names = paths.stream().filter(wanted::contains).toList();
    SizedClosure part = new SizedClosure(names, new int[names.size()][], new long[names.size()]);
    for (int i = 0; i < names.size(); i++) {
      int old = id(names.get(i));
      part.sizes[i] = sizes[old];
      part.references[i] =
          Arrays.stream(references[old])
              .filter(r -> wanted.contains(paths.get(r)))
              .map(r -> part.id(paths.get(r)))
              .toArray();
    }
    return part;
  }

  /**
   * Leaves out some of the paths.
   *
   * @param unwanted the paths to leave out
   * @return a closure with the others, in the order of this one
   */
  public SizedClosure without(Collection<String> unwanted) {
    Set<String> others = new HashSet<>(paths);
    others.removeAll(new HashSet<>(unwanted));
    return only(others);
  }

  /**
   * Returns whether this closure has a path.
   *
   * @param path the path
   * @return whether it is one of {@link #paths}
   */
  public boolean contains(String path) {
    return ids.containsKey(path);
  }

  /**
   * Adds up the sizes of paths.
   *
   * @param some paths of this closure
   * @return their sizes in bytes
   * @throws InvalidInputException if the size of one of them is unknown
   */
  public long size(Collection<String> some) {
    long sum = 0;
    for (String path : some) {
      sum += size(id(path));
    }
    return sum;
  }

  /**
   * Returns the paths that refer to some paths, directly or indirectly.
   *
   * @param some paths; those that this closure does not have are passed over
   * @return these paths and all that refer to them
   */
  public Set<String> withReferrers(Collection<String> some) {
    boolean[] found = new boolean[paths.size()];
    for (String path : some) {
      if (contains(path)) {
        found[id(path)] = true;
      }
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      // From the popular ones to what refers to them, so that one round is enough as a rule.
      for (int i = 0; i < found.length; i++) {
        if (!found[i] && Arrays.stream(references[i]).anyMatch(r -> found[r])) {
          found[i] = true;
          changed = true;
        }
      }
    }
    Set<String> all = new HashSet<>();
    for (int i = 0; i < found.length; i++) {
      if (found[i]) {
        all.add(paths.get(i));
      }
    }
    return all;
  }

  long size(int id) {
    if (sizes[id] == UNKNOWN) {
      throw new InvalidInputException(
          "the size of "
              + FileNames.quote(paths.get(id))
              + " is unknown; use a closure graph with narSize");
    }
    return sizes[id];
  }

  /** Returns the numbers of a path and of all that it refers to, directly or indirectly. */
  int[] reachableFrom(int start) {
    boolean[] seen = new boolean[paths.size()];
    int[] found = new int[paths.size()];
    int count = 0;
    seen[start] = true;
    found[count++] = start;
    for (int next = 0; next < count; next++) {
      for (int reference : references[found[next]]) {
        if (!seen[reference]) {
          seen[reference] = true;
          found[count++] = reference;
        }
      }
    }
    return Arrays.copyOf(found, count);
  }

  /** Returns some of the paths in the order of this closure. */
  List<String> inOrder(Collection<String> some) {
    List<String> ordered = new ArrayList<>(some);
    ordered.sort((a, b) -> Integer.compare(id(a), id(b)));
    return List.copyOf(ordered);
  }

  private int id(String path) {
    Integer id = ids.get(path);
    if (id == null) {
      throw new IllegalArgumentException("not a path of the closure: " + path);
    }
    return id;
  }
}
