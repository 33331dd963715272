package dev.strata.explain;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Finds the shortest chains from roots to a node, without repeated nodes. Immutable and
 * thread-safe.
 *
 * <p>Chains grow backwards from the node, the ones with the least possible length first (A*), so
 * that the work depends on the number of chains wanted and not on how many there are.
 */
final class ShortestChains {
  private static final int FAR = Integer.MAX_VALUE;

  private final int[][] sources;
  private final boolean[] isRoot;

  /** The number of edges from the nearest root to each node. */
  private final int[] distance;

  /**
   * The end of a chain.
   *
   * @param node its first node
   * @param rest what follows, or null
   * @param length the number of nodes in it
   * @param least the number of nodes of the shortest chain from a root that ends so
   * @param number how many ends were found before; decides between equally long ones
   */
  private record End(int node, @Nullable End rest, int length, int least, int number) {
    boolean contains(int wanted) {
      for (End end = this; end != null; end = end.rest) {
        if (end.node == wanted) {
          return true;
        }
      }
      return false;
    }

    int[] nodes() {
      int[] nodes = new int[length];
      int at = 0;
      for (End end = this; end != null; end = end.rest) {
        nodes[at++] = end.node;
      }
      return nodes;
    }
  }

  ShortestChains(int[][] targets, int[][] sources, int[] roots) {
    this.sources = sources;
    isRoot = new boolean[targets.length];
    distance = new int[targets.length];
    Arrays.fill(distance, FAR);
    int[] queue = new int[targets.length];
    int tail = 0;
    for (int root : roots) {
      isRoot[root] = true;
      distance[root] = 0;
      queue[tail++] = root;
    }
    for (int head = 0; head < tail; head++) {
      for (int target : targets[queue[head]]) {
        if (distance[target] == FAR) {
          distance[target] = distance[queue[head]] + 1;
          queue[tail++] = target;
        }
      }
    }
  }

  /**
   * Finds chains.
   *
   * @param node the last node of each
   * @param limit the maximum number of chains
   * @return the chains, the shortest first
   */
  List<int[]> to(int node, int limit) {
    // Of equally promising ends the longest is continued, since a search in breadth would visit all
    // chains of a length at once.
    PriorityQueue<End> ends =
        new PriorityQueue<>(
            Comparator.comparingInt(End::least)
                .thenComparing(Comparator.comparingInt(End::length).reversed())
                .thenComparingInt(End::number));
    ends.add(new End(node, null, 1, 1 + distance[node], 0));
    int number = 1;
    List<int[]> chains = new ArrayList<>();
    while (chains.size() < limit && !ends.isEmpty()) {
      End end = ends.remove();
      if (isRoot[end.node]) {
        chains.add(end.nodes());
      }
      for (int source : sources[end.node]) {
        if (!end.contains(source)) {
          int length = end.length + 1;
          ends.add(new End(source, end, length, length + distance[source], number++));
        }
      }
    }
    return chains;
  }
}
