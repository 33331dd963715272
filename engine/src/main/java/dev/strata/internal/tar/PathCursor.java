package dev.strata.internal.tar;

import dev.strata.internal.tree.FileTree;

/**
 * The path of one entry after another: what entries of one directory share is written once. Not
 * thread-safe.
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

  /** Holds the path at its start. */
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** Where the last part of the path starts. */
  int nameStart() {
    return nameStart;
  }
}
