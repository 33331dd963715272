package dev.strata.internal.tar;

import dev.strata.internal.tree.FileTree;

/**
 * What the header of an entry says, for one entry after another: after rewrites and permission
 * rules. Not thread-safe.
 */
public final class EntryFacts {
  private final FileTree tree;
  private final TarEntry entry = new TarEntry();

  /**
   * Creates facts of no entry yet.
   *
   * @param tree the entries
   */
  public EntryFacts(FileTree tree) {
    this.tree = tree;
  }

  /**
   * Moves to an entry.
   *
   * @param number the number of the entry in the tree
   */
  public void set(int number) {
    entry.linkLength = 0;
    TarStream.fill(entry, tree, number);
  }

  /** Returns the array that starts with the path in the image, valid until the next entry. */
  public byte[] path() {
    return entry.name;
  }

  /** Returns the length of the path in bytes. */
  public int pathLength() {
    return entry.nameLength;
  }

  /** Returns the type as in a tar header: 0 for a file, 2 for a link, 5 for a directory. */
  public byte type() {
    return entry.type;
  }

  /** Returns the permission bits. */
  public long mode() {
    return entry.mode;
  }

  /** Returns the size of the content in bytes. */
  public long size() {
    return entry.size;
  }

  /** Returns the array that starts with the target of a symbolic link. */
  public byte[] link() {
    return entry.link;
  }

  /** Returns the length of the target in bytes; 0 for other types. */
  public int linkLength() {
    return entry.linkLength;
  }
}
