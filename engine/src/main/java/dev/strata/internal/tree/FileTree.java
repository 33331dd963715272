package dev.strata.internal.tree;

import dev.strata.internal.files.FileMode;
import java.util.Arrays;
import java.util.List;

/**
 * The merged tree of a layer in the order of its tar stream. Entries are numbered from 0, parents
 * before children. Immutable once built; any thread may read it.
 */
public final class FileTree {
  /** No entry. */
  static final int NONE = -1;

  /** The mode of directories that no store path brings but that lie above one that does. */
  private static final int IMPLIED_DIRECTORY = FileMode.DIRECTORY | 0755;

  private final byte[] names;
  private final int[] parent;
  private final int[] nameOffset;
  private final int[] nameLength;
  private final int[] pathLength;
  private final int[] mode;
  private final long[] size;
  private final int[] source;
  private final int[] owner;
  private final List<Owner> owners;
  private final List<PathScan> scans;
  private final int[] scanBase;
  private final boolean[] inPlace;

  /**
   * Puts nodes in order.
   *
   * @param nodes the nodes
   * @param order the nodes in the order of the tar stream
   * @param scans where the files come from
   * @param scanBase the number of the first file of each scan
   * @param inPlace for each scan whether its files keep their paths
   * @param owner for each entry a place in {@code owners}, or empty if all are root's
   * @param owners mode and owners that rules set
   */
  FileTree(
      NodeTable nodes,
      int[] order,
      List<PathScan> scans,
      int[] scanBase,
      boolean[] inPlace,
      int[] owner,
      List<Owner> owners) {
    int count = order.length;
    this.names = nodes.names();
    this.parent = new int[count];
    this.nameOffset = new int[count];
    this.nameLength = new int[count];
    this.pathLength = new int[count];
    this.mode = new int[count];
    this.size = new long[count];
    this.source = new int[count];
    this.scans = scans;
    this.scanBase = scanBase;
    this.inPlace = inPlace;
    this.owner = owner;
    this.owners = owners;
    int[] rank = new int[nodes.count()];
    rank[NodeTable.TOP] = NONE;
    for (int i = 0; i < count; i++) {
      rank[order[i]] = i;
      place(i, order[i], nodes, rank);
    }
  }

  private void place(int i, int node, NodeTable nodes, int[] rank) {
    int p = rank[nodes.parent(node)];
    parent[i] = p;
    nameOffset[i] = nodes.nameOffset(node);
    nameLength[i] = nodes.nameLength(node);
    // The nameless root is a slash, which is not doubled below it.
    int above = p == NONE ? NONE : nameLength[p] == 0 ? 0 : pathLength[p];
    pathLength[i] = nameLength[i] == 0 ? 1 : above + 1 + nameLength[i];
    source[i] = nodes.source(node);
    if (source[i] == NodeTable.NONE) {
      mode[i] = IMPLIED_DIRECTORY;
      return;
    }
    int scan = scanOf(source[i]);
    PathScan from = scans.get(scan);
    int local = source[i] - scanBase[scan];
    mode[i] = from.mode(local);
    size[i] = FileMode.isDirectory(mode[i]) ? 0 : from.size(local);
  }

  /**
   * How many entries the layer has.
   *
   * @return the number of entries
   */
  public int count() {
    return parent.length;
  }

  /**
   * The directory an entry lies in.
   *
   * @param entry the number of the entry
   * @return the number of the directory's entry, or -1 at the top
   */
  public int parent(int entry) {
    return parent[entry];
  }

  /**
   * The type and permissions of an entry on this machine; of an implied directory 0755.
   *
   * @param entry the number of the entry
   * @return {@code st_mode}
   */
  public int mode(int entry) {
    return mode[entry];
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
   * Whether an entry is root's and has the mode it has on this machine, because no rule says
   * otherwise.
   *
   * @param entry the number of the entry
   * @return true if so
   */
  public boolean hasDefaultOwner(int entry) {
    return owner.length == 0 || owner[entry] == 0;
  }

  /**
   * The size of a regular file.
   *
   * @param entry the number of the entry
   * @return its bytes; 0 for other types
   */
  public long size(int entry) {
    return FileMode.isRegular(mode[entry]) ? size[entry] : 0;
  }

  /**
   * The length of an entry's path in the image.
   *
   * @param entry the number of the entry
   * @return a number of bytes
   */
  public int pathLength(int entry) {
    return pathLength[entry];
  }

  /**
   * Whether the last part of an entry's path is all ASCII.
   *
   * @param entry the number of the entry
   * @return true if so
   */
  public boolean isNameAscii(int entry) {
    int from = nameOffset[entry];
    for (int i = from; i < from + nameLength[entry]; i++) {
      if (names[i] < 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Writes an entry's path in the image.
   *
   * @param entry the number of the entry
   * @param out gets the path at its start; long enough for {@link #pathLength}
   */
  public void path(int entry, byte[] out) {
    if (nameLength[entry] == 0) {
      out[0] = '/';
      return;
    }
    int at = pathLength[entry];
    int e = entry;
    while (true) {
      at = name(e, out, at);
      e = parent[e];
      if (e == NONE) {
        return;
      }
      out[--at] = '/';
    }
  }

  /** Writes the last part of an entry's path so that it ends at {@code end}; returns its start. */
  private int name(int entry, byte[] out, int end) {
    int start = end - nameLength[entry];
    System.arraycopy(names, nameOffset[entry], out, start, nameLength[entry]);
    return start;
  }

  /**
   * Writes the last part of an entry's path behind the path of its directory, which stands in
   * {@code out} already.
   *
   * @param entry the number of the entry
   * @param out gets the last part at the end of {@link #pathLength} bytes
   * @return where the last part starts
   */
  public int lastName(int entry, byte[] out) {
    return name(entry, out, pathLength[entry]);
  }

  /**
   * The length of the last part of an entry's path.
   *
   * @param entry the number of the entry
   * @return a number of bytes
   */
  public int nameLength(int entry) {
    return nameLength[entry];
  }

  /**
   * The length of a symbolic link's target.
   *
   * @param entry the number of the entry
   * @return a number of bytes; 0 for other types
   */
  public int linkLength(int entry) {
    return FileMode.isSymlink(mode[entry]) ? (int) size[entry] : 0;
  }

  /**
   * Writes a symbolic link's target.
   *
   * @param entry the number of an entry that is a symbolic link
   * @param out gets the target at its start; long enough for {@link #linkLength}
   */
  public void link(int entry, byte[] out) {
    int scan = scanOf(source[entry]);
    PathScan s = scans.get(scan);
    int from = s.linkOffset(source[entry] - scanBase[scan]);
    System.arraycopy(s.bytes(), from, out, 0, linkLength(entry));
  }

  /**
   * Whether an entry has the same path in the image as on this machine.
   *
   * @param entry the number of an entry that is not an implied directory
   * @return true if so
   */
  public boolean isInPlace(int entry) {
    return inPlace[scanOf(source[entry])];
  }

  /**
   * The length of the path on this machine that an entry comes from.
   *
   * @param entry the number of an entry that is not an implied directory
   * @return a number of bytes
   */
  public int sourcePathLength(int entry) {
    int scan = scanOf(source[entry]);
    return scans.get(scan).sourcePathLength(source[entry] - scanBase[scan]);
  }

  /**
   * Writes the path on this machine that an entry comes from.
   *
   * @param entry the number of an entry that is not an implied directory
   * @param out gets the path at its start; long enough for {@link #sourcePathLength}
   */
  public void sourcePath(int entry, byte[] out) {
    int scan = scanOf(source[entry]);
    scans.get(scan).sourcePath(source[entry] - scanBase[scan], out);
  }

  private int scanOf(int globalEntry) {
    return scanBase.length == 1 ? 0 : scanOf(scanBase, globalEntry);
  }

  /** The last scan that starts at or before a global entry. */
  static int scanOf(int[] scanBase, int globalEntry) {
    int found = Arrays.binarySearch(scanBase, globalEntry);
    return found >= 0 ? found : -found - 2;
  }
}
