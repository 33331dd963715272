package dev.strata.explain;

import dev.strata.closure.ClosureGraph;
import dev.strata.closure.StorePath;
import dev.strata.io.FileNames;
import dev.strata.io.NotFoundException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * Why store paths are in a closure: the chains of references that lead to a path, and the paths
 * that the closure would lose with it. Immutable and thread-safe.
 *
 * <p>The roots of a closure are the paths that someone asked for: those given by the caller and
 * those that no other path refers to. A path is in the closure because a chain of references leads
 * from a root to it. References of a path to itself do not count.
 *
 * @since 0.1.0
 */
public final class ClosureAnalysis {
  private final List<String> names;
  private final Map<String, Integer> ids;
  private final int[][] references;
  private final int[][] referrers;
  private final int[] roots;
  private final DominatorTree dominators;

  private ClosureAnalysis(ClosureGraph graph, Collection<String> wanted) {
    TreeSet<String> all = new TreeSet<>();
    for (StorePath path : graph.paths()) {
      all.add(path.path());
      all.addAll(path.references());
    }
    names = List.copyOf(all);
    ids = HashMap.newHashMap(names.size());
    for (int i = 0; i < names.size(); i++) {
      ids.put(names.get(i), i);
    }
    references = references(graph);
    referrers = reverse(references);
    roots = roots(wanted);
    dominators = DominatorTree.of(references, referrers, roots);
  }

  /**
   * Analyses a closure.
   *
   * @param graph the reference graph; cycles are allowed
   * @param roots paths that are in the closure for their own sake, in addition to those that no
   *     other path refers to; paths that the graph does not mention are passed over
   * @return the analysis
   */
  public static ClosureAnalysis of(ClosureGraph graph, Collection<String> roots) {
    return new ClosureAnalysis(graph, roots);
  }

  private int[][] references(ClosureGraph graph) {
    int[][] edges = new int[names.size()][0];
    for (StorePath path : graph.paths()) {
      int self = id(path.path());
      edges[self] =
          path.references().stream()
              .mapToInt(this::id)
              .filter(target -> target != self)
              .sorted()
              .distinct()
              .toArray();
    }
    return edges;
  }

  private static int[][] reverse(int[][] edges) {
    int[] counts = new int[edges.length];
    for (int[] targets : edges) {
      for (int target : targets) {
        counts[target]++;
      }
    }
    int[][] reversed = new int[edges.length][];
    Arrays.setAll(reversed, i -> new int[counts[i]]);
    for (int source = edges.length - 1; source >= 0; source--) {
      for (int target : edges[source]) {
        reversed[target][--counts[target]] = source;
      }
    }
    return reversed;
  }

  /** Paths that refer to each other in a circle that nothing leads into get a root as well. */
  private int[] roots(Collection<String> wanted) {
    boolean[] isRoot = new boolean[names.size()];
    for (String path : wanted) {
      Integer id = ids.get(path);
      if (id != null) {
        isRoot[id] = true;
      }
    }
    for (int i = 0; i < isRoot.length; i++) {
      isRoot[i] |= referrers[i].length == 0;
    }
    boolean[] reached = new boolean[names.size()];
    for (int i = 0; i < isRoot.length; i++) {
      if (isRoot[i]) {
        reach(i, reached);
      }
    }
    for (int i = 0; i < isRoot.length; i++) {
      if (!reached[i]) {
        isRoot[i] = true;
        reach(i, reached);
      }
    }
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < isRoot.length; i++) {
      if (isRoot[i]) {
        found.add(i);
      }
    }
    return found.stream().mapToInt(Integer::intValue).toArray();
  }

  private void reach(int start, boolean[] reached) {
    int[] stack = new int[names.size()];
    int depth = 0;
    if (!reached[start]) {
      reached[start] = true;
      stack[depth++] = start;
    }
    while (depth > 0) {
      for (int target : references[stack[--depth]]) {
        if (!reached[target]) {
          reached[target] = true;
          stack[depth++] = target;
        }
      }
    }
  }

  private int id(String path) {
    Integer id = ids.get(path);
    if (id == null) {
      throw new NotFoundException("the closure graph does not contain " + FileNames.quote(path));
    }
    return id;
  }

  private List<String> paths(int[] ofIds) {
    return Arrays.stream(ofIds).mapToObj(names::get).toList();
  }

  /**
   * Returns all paths of the closure.
   *
   * @return the paths that the graph mentions, sorted
   */
  public List<String> paths() {
    return names;
  }

  /**
   * Returns the roots of the closure.
   *
   * @return the roots, sorted
   */
  public List<String> roots() {
    return paths(roots);
  }

  /**
   * Returns the chains of references that lead from a root to a path, the shortest first. The order
   * of chains of one length is always the same. No chain contains a path twice.
   *
   * @param path the path
   * @param limit the maximum number of chains
   * @return chains of paths, each from a root to the path itself; for a root, the first chain
   *     consists of the root alone
   * @throws NotFoundException if the graph does not mention the path
   */
  public List<List<String>> chains(String path, int limit) {
    return new ShortestChains(references, referrers, roots)
        .to(id(path), limit).stream().map(this::paths).toList();
  }

  /**
   * Returns the paths that the closure would lose if it did not contain a path: the path itself and
   * those that are reached only through it. In the terms of graph theory, the paths that it
   * dominates.
   *
   * @param path the path
   * @return the paths, sorted
   * @throws NotFoundException if the graph does not mention the path
   */
  public List<String> lostWithout(String path) {
    return paths(dominators.dominatedBy(id(path)));
  }
}
