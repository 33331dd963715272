package dev.strata.tree;

import dev.strata.io.FileMode;
import java.util.Arrays;
import java.util.List;

/**
 * The merged tree of a layer in the order of its tar stream. Entries are numbered from 0. Immutable
 * once built; any thread may read it.
 */
public final class FileTree {
  /** The mode of directories that no store path brings but that lie above one that does. */
  private static final int IMPLIED_DIRECTORY = FileMode.DIRECTORY | 0755;

  private final NodeTable nodes;
  private final int[] order;
  private final List<PathScan> scans;
  private final int[] scanBase;
  private final int[] owner;
  private final List<Owner> owners;

  FileTree(
      NodeTable nodes,
      int[] order,
      List<PathScan> scans,
      int[] scanBase,
      int[] owner,
      List<Owner> owners) {
    this.nodes = nodes;
    this.order = order;
    this.scans = scans;
    this.scanBase = scanBase;
    this.owner = owner;
    this.owners = owners;
  }

  /**
   * How many entries the layer has.
   *
   * @return the number of entries
   */
  public int count() {
    return order.length;
  }

  /**
   * The type and permissions of an entry on this machine; of an implied directory 0755.
   *
   * @param entry the number of the entry
   * @return {@code st_mode}
   */
  public int mode(int entry) {
    int source = source(entry);
    if (source == NodeTable.NONE) {
      return IMPLIED_DIRECTORY;
    }
    int scan = scanOf(source);
    return scans.get(scan).mode(source - scanBase[scan]);
  }

  /**
   * What permission rules make of an entry.
   *
   * @param entry the number of the entry
   * @return mode and owners
   */
  public Owner owner(int entry) {
    return owner.length == 0 ? Owner.ROOT : owners.get(owner[entry]);
  }

  /**
   * The size of a regular file.
   *
   * @param entry the number of the entry
   * @return its bytes; 0 for other types
   */
  public long size(int entry) {
    int source = source(entry);
    if (source == NodeTable.NONE) {
      return 0;
    }
    int scan = scanOf(source);
    PathScan s = scans.get(scan);
    int local = source - scanBase[scan];
    return FileMode.isRegular(s.mode(local)) ? s.size(local) : 0;
  }

  /**
   * The length of an entry's path in the image.
   *
   * @param entry the number of the entry
   * @return a number of bytes
   */
  public int pathLength(int entry) {
    int node = order[entry];
    int length = nodes.nameLength(node);
    if (length == 0) {
      return 1;
    }
    for (int p = nodes.parent(node); p != NodeTable.TOP; p = nodes.parent(p)) {
      length += nodes.nameLength(p) + 1;
    }
    return length;
  }

  /**
   * Writes an entry's path in the image.
   *
   * @param entry the number of the entry
   * @param out gets the path at its start; long enough for {@link #pathLength}
   * @return the length of the path, in bytes
   */
  public int path(int entry, byte[] out) {
    int length = pathLength(entry);
    byte[] names = nodes.names();
    int node = order[entry];
    if (nodes.nameLength(node) == 0) {
      out[0] = '/';
      return 1;
    }
    int at = length;
    while (node != NodeTable.TOP) {
      int n = nodes.nameLength(node);
      at -= n;
      System.arraycopy(names, nodes.nameOffset(node), out, at, n);
      node = nodes.parent(node);
      if (node != NodeTable.TOP) {
        out[--at] = '/';
      }
    }
    return length;
  }

  /**
   * The length of a symbolic link's target.
   *
   * @param entry the number of the entry
   * @return a number of bytes; 0 for other types
   */
  public int linkLength(int entry) {
    if (!FileMode.isSymlink(mode(entry))) {
      return 0;
    }
    int source = source(entry);
    int scan = scanOf(source);
    return (int) scans.get(scan).size(source - scanBase[scan]);
  }

  /**
   * Writes a symbolic link's target.
   *
   * @param entry the number of an entry that is a symbolic link
   * @param out gets the target at its start; long enough for {@link #linkLength}
   * @return the length of the target, in bytes
   */
  public int link(int entry, byte[] out) {
    int length = linkLength(entry);
    int source = source(entry);
    int scan = scanOf(source);
    PathScan s = scans.get(scan);
    System.arraycopy(s.bytes(), s.linkOffset(source - scanBase[scan]), out, 0, length);
    return length;
  }

  /**
   * The length of the path on this machine that an entry comes from.
   *
   * @param entry the number of an entry that is not an implied directory
   * @return a number of bytes
   */
  public int sourcePathLength(int entry) {
    int source = source(entry);
    int scan = scanOf(source);
    return scans.get(scan).sourcePathLength(source - scanBase[scan]);
  }

  /**
   * Writes the path on this machine that an entry comes from.
   *
   * @param entry the number of an entry that is not an implied directory
   * @param out gets the path at its start; long enough for {@link #sourcePathLength}
   * @return the length of the path, in bytes
   */
  public int sourcePath(int entry, byte[] out) {
    int source = source(entry);
    int scan = scanOf(source);
    return scans.get(scan).sourcePath(source - scanBase[scan], out);
  }

  private int source(int entry) {
    return nodes.source(order[entry]);
  }

  private int scanOf(int source) {
    return scanBase.length == 1 ? 0 : scanOf(scanBase, source);
  }

  /** The last scan that starts at or before a global entry. */
  static int scanOf(int[] scanBase, int source) {
    int found = Arrays.binarySearch(scanBase, source);
    return found >= 0 ? found : -found - 2;
  }
}
