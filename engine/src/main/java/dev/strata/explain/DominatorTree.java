package dev.strata.explain;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The dominator tree of a directed graph with several roots, under a common root that is not one of
 * its nodes. A node dominates another if every way from a root to the other leads through it.
 * Immutable and thread-safe.
 *
 * <p>Source: Keith D. Cooper, Timothy J. Harvey and Ken Kennedy, <i>A Simple, Fast Dominance
 * Algorithm</i>, 2001.
 */
final class DominatorTree {
  private static final int UNKNOWN = -1;

  private final int[][] targets;
  private final int[][] sources;
  private final int common;

  /** The nodes, each after all nodes that the depth-first search found from it. */
  private final int[] postOrder;

  /** The position of each node in the order. */
  private final int[] position;

  /** The immediate dominator of each node. */
  private final int[] dominator;

  private DominatorTree(int[][] targets, int[][] sources, int[] roots) {
    common = targets.length;
    this.targets = Arrays.copyOf(targets, common + 1);
    this.targets[common] = roots;
    this.sources = sources.clone();
    for (int root : roots) {
      int[] more = Arrays.copyOf(sources[root], sources[root].length + 1);
      more[more.length - 1] = common;
      this.sources[root] = more;
    }
    postOrder = postOrder();
    position = new int[common + 1];
    for (int i = 0; i < postOrder.length; i++) {
      position[postOrder[i]] = i;
    }
    dominator = new int[common + 1];
    findDominators();
  }

  /**
   * Computes the tree.
   *
   * @param targets the nodes that the edges of each node lead to
   * @param sources the nodes that the edges to each node come from
   * @param roots nodes from which all others can be reached
   */
  static DominatorTree of(int[][] targets, int[][] sources, int[] roots) {
    return new DominatorTree(targets, sources, roots);
  }

  private int[] postOrder() {
    int[] order = new int[common + 1];
    int found = 0;
    int[] stack = new int[common + 1];
    int[] next = new int[common + 1];
    boolean[] seen = new boolean[common + 1];
    int depth = 0;
    stack[depth++] = common;
    seen[common] = true;
    while (depth > 0) {
      int node = stack[depth - 1];
      if (next[node] == targets[node].length) {
        order[found++] = node;
        depth--;
        continue;
      }
      int target = targets[node][next[node]++];
      if (!seen[target]) {
        seen[target] = true;
        stack[depth++] = target;
      }
    }
    if (found < order.length) {
      throw new IllegalArgumentException("some nodes cannot be reached from the roots");
    }
    return order;
  }

  private void findDominators() {
    Arrays.fill(dominator, UNKNOWN);
    dominator[common] = common;
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = postOrder.length - 2; i >= 0; i--) {
        int node = postOrder[i];
        int meeting = UNKNOWN;
        for (int source : sources[node]) {
          if (dominator[source] != UNKNOWN) {
            meeting = meeting == UNKNOWN ? source : meet(meeting, source);
          }
        }
        changed |= dominator[node] != meeting;
        dominator[node] = meeting;
      }
    }
  }

  /** Returns the lowest node that dominates both nodes, as far as dominators are known. */
  private int meet(int a, int b) {
    int left = a;
    int right = b;
    while (left != right) {
      if (position[left] < position[right]) {
        left = dominator[left];
      } else {
        right = dominator[right];
      }
    }
    return left;
  }

  /** Returns the nodes that a node dominates, including itself, in ascending order. */
  int[] dominatedBy(int node) {
    boolean[] dominated = new boolean[common + 1];
    dominated[node] = true;
    // A dominator comes before the nodes it dominates in the reverse order.
    for (int i = postOrder.length - 2; i >= 0; i--) {
      int other = postOrder[i];
      dominated[other] |= dominated[dominator[other]];
    }
    return IntStream.range(0, common).filter(i -> dominated[i]).toArray();
  }
}
