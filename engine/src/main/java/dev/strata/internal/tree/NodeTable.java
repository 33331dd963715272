package dev.strata.internal.tree;

import dev.strata.io.ByteArena;
import dev.strata.io.Bytes;
import java.util.Arrays;

/**
 * A growing tree of named nodes, with a hash table from (parent, name) to node. Node 0 is the
 * nameless top. Not thread-safe.
 */
final class NodeTable {
  static final int TOP = 0;
  static final int NONE = -1;

  private final ByteArena names = new ByteArena(1024);
  private int count;
  private int[] parent = new int[64];
  private int[] nameOffset = new int[64];
  private int[] nameLength = new int[64];
  private int[] firstChild = new int[64];
  private int[] lastChild = new int[64];
  private int[] nextSibling = new int[64];
  private int[] source = new int[64];
  private int[] slots = new int[256];

  NodeTable() {
    append(NONE, new byte[0], 0, 0);
  }

  private int append(int parentNode, byte[] name, int offset, int length) {
    if (count == parent.length) {
      int capacity = count + (count >> 1);
      parent = Arrays.copyOf(parent, capacity);
      nameOffset = Arrays.copyOf(nameOffset, capacity);
      nameLength = Arrays.copyOf(nameLength, capacity);
      firstChild = Arrays.copyOf(firstChild, capacity);
      lastChild = Arrays.copyOf(lastChild, capacity);
      nextSibling = Arrays.copyOf(nextSibling, capacity);
      source = Arrays.copyOf(source, capacity);
    }
    int node = count++;
    parent[node] = parentNode;
    nameOffset[node] = names.add(name, offset, length);
    nameLength[node] = length;
    firstChild[node] = NONE;
    lastChild[node] = NONE;
    nextSibling[node] = NONE;
    source[node] = NONE;
    return node;
  }

  /** Returns the child of a node with a name, and adds it if necessary. */
  int child(int parentNode, byte[] name, int offset, int length) {
    if (count * 2 > slots.length) {
      grow();
    }
    int mask = slots.length - 1;
    int slot = Bytes.hash(name, offset, length, parentNode) & mask;
    while (slots[slot] != 0) {
      int node = slots[slot];
      if (parent[node] == parentNode
          && nameLength[node] == length
          && Bytes.equal(names.array(), nameOffset[node], name, offset, length)) {
        return node;
      }
      slot = (slot + 1) & mask;
    }
    int node = append(parentNode, name, offset, length);
    slots[slot] = node;
    if (lastChild[parentNode] == NONE) {
      firstChild[parentNode] = node;
    } else {
      nextSibling[lastChild[parentNode]] = node;
    }
    lastChild[parentNode] = node;
    return node;
  }

  private void grow() {
    slots = new int[slots.length * 2];
    int mask = slots.length - 1;
    for (int node = 1; node < count; node++) {
      int slot = Bytes.hash(names.array(), nameOffset[node], nameLength[node], parent[node]) & mask;
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = node;
    }
  }

  int source(int node) {
    return source[node];
  }

  void setSource(int node, int globalEntry) {
    source[node] = globalEntry;
  }

  int count() {
    return count;
  }

  int parent(int node) {
    return parent[node];
  }

  byte[] names() {
    return names.array();
  }

  int nameOffset(int node) {
    return nameOffset[node];
  }

  int nameLength(int node) {
    return nameLength[node];
  }

  /** Returns all nodes but the top: parents before children, siblings sorted by name as bytes. */
  int[] inOrder() {
    int[] order = new int[count - 1];
    int[] stack = new int[64];
    int[] children = new int[64];
    int depth = 0;
    int n = 0;
    int node = TOP;
    while (true) {
      int width = 0;
      for (int c = firstChild[node]; c != NONE; c = nextSibling[c]) {
        if (width == children.length) {
          children = Arrays.copyOf(children, width * 2);
        }
        children[width++] = c;
      }
      sort(children, width);
      if (depth + width > stack.length) {
        stack = Arrays.copyOf(stack, Math.max(depth + width, stack.length * 2));
      }
      for (int i = width - 1; i >= 0; i--) {
        stack[depth++] = children[i];
      }
      if (depth == 0) {
        return order;
      }
      node = stack[--depth];
      order[n++] = node;
    }
  }

  /** Sorts siblings; they mostly are sorted already, because directories are read that way. */
  private void sort(int[] nodes, int n) {
    for (int i = 1; i < n; i++) {
      if (compare(nodes[i - 1], nodes[i]) > 0) {
        Integer[] boxed = new Integer[n];
        Arrays.setAll(boxed, k -> nodes[k]);
        Arrays.sort(boxed, this::compare);
        for (int k = 0; k < n; k++) {
          nodes[k] = boxed[k];
        }
        return;
      }
    }
  }

  private int compare(int a, int b) {
    byte[] bytes = names.array();
    return Bytes.compare(bytes, nameOffset[a], nameLength[a], bytes, nameOffset[b], nameLength[b]);
  }

  /** Frees what is only needed for adding nodes. */
  void seal() {
    slots = new int[0];
    firstChild = new int[0];
    lastChild = new int[0];
    nextSibling = new int[0];
  }
}
