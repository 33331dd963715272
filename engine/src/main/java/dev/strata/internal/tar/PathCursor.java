package dev.strata.internal.tar;

import dev.strata.internal.tree.FileTree;

/**
 * The path of one entry after another; the path of a directory is written once for all its entries.
 * Not thread-safe.
 */
final class PathCursor {
  private static final int UNSET = -2;

  private final FileTree tree;
  private byte[] bytes = new byte[512];
  private int length;
  private int nameStart;
  private int directory = UNSET;

  PathCursor(FileTree tree) {
    this.tree = tree;
  }

  /** Moves to an entry. */
  void set(int entry) {
    length = tree.pathLength(entry);
    if (length > bytes.length) {
      bytes = new byte[length * 2];
      directory = UNSET;
    }
    if (directory == tree.parent(entry)) {
      nameStart = tree.lastName(entry, bytes);
      return;
    }
    tree.path(entry, bytes);
    nameStart = length - tree.nameLength(entry);
    directory = tree.parent(entry);
  }

  /** Returns the array that starts with the path. */
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** Returns the start of the last component of the path. */
  int nameStart() {
    return nameStart;
  }
}
