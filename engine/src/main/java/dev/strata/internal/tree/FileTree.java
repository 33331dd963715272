package dev.strata.internal.tree;

import dev.strata.internal.files.FileMode;
import dev.strata.io.Bytes;
import dev.strata.io.FileNames;
import java.util.Arrays;
import java.util.List;

/**
 * The merged tree of a layer in the order of its tar stream. Entries are numbered from 0, parents
 * before children. Immutable once built; any thread may read it.
 */
public final class FileTree {
  /** No entry. */
  static final int NONE = -1;

  /** The mode of directories that are no part of a store path but contain one. */
  private static final int IMPLIED_DIRECTORY = FileMode.DIRECTORY | 0755;

  private static final byte[] WHITEOUT = {'.', 'w', 'h', '.'};

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
  private int whiteoutCount;
  private int firstWhiteout = NONE;

  /**
   * Lays out nodes in order.
   *
   * @param nodes the nodes
   * @param order the nodes in the order of the tar stream
   * @param scans the scans that the files come from
   * @param scanBase the number of the first file of each scan
   * @param inPlace whether the files of each scan keep their paths
   * @param owner the index in {@code owners} of each entry; empty if root owns all of them
   * @param owners the distinct results of the permission rules
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
    // The root's name is empty: its slash comes from the entries below it.
    int above = p == NONE ? NONE : nameLength[p] == 0 ? 0 : pathLength[p];
    pathLength[i] = nameLength[i] == 0 ? 1 : above + 1 + nameLength[i];
    source[i] = nodes.source(node);
    if (isWhiteout(i) && whiteoutCount++ == 0) {
      firstWhiteout = i;
    }
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

  /** Returns whether a name starts with {@code .wh.}, the mark of deletions in layers. */
  private boolean isWhiteout(int entry) {
    int at = nameOffset[entry];
    return nameLength[entry] >= WHITEOUT.length
        && names[at] == WHITEOUT[0]
        && Bytes.equal(names, at, WHITEOUT, 0, WHITEOUT.length);
  }

  /**
   * Returns how many names start with {@code .wh.}, which container tools take for deletions.
   *
   * @return the number of entries
   */
  public int whiteoutCount() {
    return whiteoutCount;
  }

  /**
   * Returns the first entry whose name starts with {@code .wh.}.
   *
   * @return its path on this machine, or its path in the image if it is only there; empty if there
   *     is none
   */
  public String firstWhiteout() {
    int entry = firstWhiteout;
    if (entry == NONE) {
      return "";
    }
    boolean implied = source[entry] == NodeTable.NONE;
    byte[] path = new byte[implied ? pathLength[entry] : sourcePathLength(entry)];
    if (implied) {
      path(entry, path);
    } else {
      sourcePath(entry, path);
    }
    return FileNames.decode(path);
  }

  /**
   * Returns the number of entries of the layer.
   *
   * @return the number of entries
   */
  public int count() {
    return parent.length;
  }

  /**
   * Returns the directory that contains an entry.
   *
   * @param entry the number of the entry
   * @return the number of the directory's entry, or -1 at the top
   */
  public int parent(int entry) {
    return parent[entry];
  }

  /**
   * Returns the type and permissions of an entry on this machine; 0755 for implied directories.
   *
   * @param entry the number of the entry
   * @return {@code st_mode}
   */
  public int mode(int entry) {
    return mode[entry];
  }

  /**
   * Returns the mode and ownership that permission rules give an entry.
   *
   * @param entry the number of the entry
   * @return mode and ownership
   */
  public Owner owner(int entry) {
    return owner.length == 0 ? Owner.ROOT : owners.get(owner[entry]);
  }

  /**
   * Returns whether no rule changes an entry: root owns it, and it has its mode on this machine.
   *
   * @param entry the number of the entry
   * @return true if no rule applies
   */
  public boolean hasDefaultOwner(int entry) {
    return owner.length == 0 || owner[entry] == 0;
  }

  /**
   * Returns the size of a regular file.
   *
   * @param entry the number of the entry
   * @return its size in bytes; 0 for other types
   */
  public long size(int entry) {
    return FileMode.isRegular(mode[entry]) ? size[entry] : 0;
  }

  /**
   * Returns the length of an entry's path in the image.
   *
   * @param entry the number of the entry
   * @return the length in bytes
   */
  public int pathLength(int entry) {
    return pathLength[entry];
  }

  /**
   * Returns whether the last component of an entry's path is ASCII.
   *
   * @param entry the number of the entry
   * @return true if all bytes are ASCII
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
   * @param out receives the path at its start; has room for {@link #pathLength} bytes
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

  /** Writes an entry's name so that it ends at {@code end}; returns its start. */
  private int name(int entry, byte[] out, int end) {
    int start = end - nameLength[entry];
    System.arraycopy(names, nameOffset[entry], out, start, nameLength[entry]);
    return start;
  }

  /**
   * Writes the last component of an entry's path after the path of its directory, which {@code out}
   * already contains.
   *
   * @param entry the number of the entry
   * @param out receives the name at the end of the first {@link #pathLength} bytes
   * @return the start of the name
   */
  public int lastName(int entry, byte[] out) {
    return name(entry, out, pathLength[entry]);
  }

  /**
   * Returns the length of the last component of an entry's path.
   *
   * @param entry the number of the entry
   * @return the length in bytes
   */
  public int nameLength(int entry) {
    return nameLength[entry];
  }

  /**
   * Returns the length of a symbolic link's target.
   *
   * @param entry the number of the entry
   * @return the length in bytes; 0 for other types
   */
  public int linkLength(int entry) {
    return FileMode.isSymlink(mode[entry]) ? (int) size[entry] : 0;
  }

  /**
   * Writes a symbolic link's target.
   *
   * @param entry the number of an entry that is a symbolic link
   * @param out receives the target at its start; has room for {@link #linkLength} bytes
   */
  public void link(int entry, byte[] out) {
    int scan = scanOf(source[entry]);
    PathScan s = scans.get(scan);
    int from = s.linkOffset(source[entry] - scanBase[scan]);
    System.arraycopy(s.bytes(), from, out, 0, linkLength(entry));
  }

  /**
   * Returns whether an entry comes from a file of this machine.
   *
   * @param entry the number of the entry
   * @return false if it is an implied directory
   */
  public boolean hasSource(int entry) {
    return source[entry] != NodeTable.NONE;
  }

  /**
   * Returns whether an entry has the same path in the image as on this machine.
   *
   * @param entry the number of an entry that is not an implied directory
   * @return true if the paths are equal
   */
  public boolean isInPlace(int entry) {
    return inPlace[scanOf(source[entry])];
  }

  /**
   * Returns the length of an entry's path on this machine.
   *
   * @param entry the number of an entry that is not an implied directory
   * @return the length in bytes
   */
  public int sourcePathLength(int entry) {
    int scan = scanOf(source[entry]);
    return scans.get(scan).sourcePathLength(source[entry] - scanBase[scan]);
  }

  /**
   * Writes an entry's path on this machine.
   *
   * @param entry the number of an entry that is not an implied directory
   * @param out receives the path at its start; has room for {@link #sourcePathLength} bytes
   */
  public void sourcePath(int entry, byte[] out) {
    int scan = scanOf(source[entry]);
    scans.get(scan).sourcePath(source[entry] - scanBase[scan], out);
  }

  private int scanOf(int globalEntry) {
    return scanBase.length == 1 ? 0 : scanOf(scanBase, globalEntry);
  }

  /** Returns the scan that a global entry number belongs to. */
  static int scanOf(int[] scanBase, int globalEntry) {
    int found = Arrays.binarySearch(scanBase, globalEntry);
    return found >= 0 ? found : -found - 2;
  }
}
