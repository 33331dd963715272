package dev.strata.internal.tree;

import dev.strata.internal.files.CaseHack;
import dev.strata.internal.files.FileMode;
import dev.strata.internal.files.Listing;
import dev.strata.internal.files.SourceFiles;
import dev.strata.io.ByteArena;
import dev.strata.io.FileNames;
import dev.strata.io.GoPaths;
import dev.strata.io.InvalidInputException;
import dev.strata.layering.ExcludePatterns;
import org.agrona.collections.IntArrayList;
import org.agrona.collections.LongArrayList;
import org.jspecify.annotations.Nullable;

/**
 * All files below one store path with their names, modes, sizes and link targets, in arrays. Entry
 * 0 is the path itself; the entries of a directory are adjacent and sorted by name as bytes. Filled
 * by one thread; immutable and thread-safe afterwards.
 */
public final class PathScan {
  /** What a list returns for null, which it never contains. */
  private static final int NONE = -1;

  private final byte[] root;
  private final byte[] base;
  private final boolean caseHack;
  private final boolean anyType;
  private final ByteArena names = new ByteArena(256);
  private final IntArrayList parent = new IntArrayList(8, NONE);
  private final IntArrayList nameOffset = new IntArrayList(8, NONE);
  private final IntArrayList nameLength = new IntArrayList(8, NONE);
  private final IntArrayList mode = new IntArrayList(8, NONE);
  private final LongArrayList size = new LongArrayList(8, NONE);
  // A directory's first child, or the offset of a symbolic link's target.
  private final IntArrayList detail = new IntArrayList(8, NONE);
  private final IntArrayList childCount = new IntArrayList(8, NONE);
  private int privilegedCount;
  private int firstPrivileged;
  private boolean hacked;
  private int socketCount;
  private String firstSocket = "";

  private PathScan(byte[] root, boolean caseHack, boolean anyType) {
    this.anyType = anyType;
    this.root = root;
    this.base = GoPaths.clean(root);
    this.caseHack = caseHack;
    this.hacked = caseHack && CaseHack.isIn(root);
  }

  /**
   * Walks a file or directory without following symbolic links.
   *
   * @param path the path as the closure graph spells it
   * @param files the calling thread's access to files
   * @return the entries found
   * @throws InvalidInputException if a file is neither a regular file nor a directory nor a
   *     symbolic link
   * @throws dev.strata.io.StrataException if a file cannot be accessed
   */
  public static PathScan of(String path, SourceFiles files) {
    return of(path, files, () -> {});
  }

  /**
   * Walks like {@link #of(String, SourceFiles)}, and lets the caller do more urgent work in
   * between.
   *
   * @param path the path as the closure graph spells it
   * @param files the calling thread's access to files
   * @param meanwhile runs after each directory; may use {@code files}
   * @return the entries found
   * @throws InvalidInputException if a file is neither a regular file nor a directory nor a
   *     symbolic link
   * @throws dev.strata.io.StrataException if a file cannot be accessed
   */
  public static PathScan of(String path, SourceFiles files, Runnable meanwhile) {
    return of(path, files, meanwhile, null);
  }

  /**
   * Walks like {@link #of(String, SourceFiles, Runnable)}, and leaves files out.
   *
   * @param path the path as the closure graph spells it
   * @param files the calling thread's access to files
   * @param meanwhile runs after each directory; may use {@code files}
   * @param excludes patterns for files to leave out, besides sockets; null for none, not even
   *     sockets
   * @return the entries found
   * @throws InvalidInputException if a file that is not left out is neither a regular file nor a
   *     directory nor a symbolic link
   * @throws dev.strata.io.StrataException if a file cannot be accessed
   */
  public static PathScan of(
      String path, SourceFiles files, Runnable meanwhile, @Nullable ExcludePatterns excludes) {
    return of(path, files, meanwhile, excludes, CaseHack.isUsed());
  }

  /** Walks, and takes the suffix of {@link CaseHack} for one or for a part of a name. */
  static PathScan of(
      String path,
      SourceFiles files,
      Runnable meanwhile,
      @Nullable ExcludePatterns excludes,
      boolean caseHack) {
    PathScan scan = new PathScan(FileNames.encode(path), caseHack, false);
    scan.walk(files, meanwhile, excludes == null ? null : new ScanFilter(excludes, files));
    return scan;
  }

  /**
   * Walks like {@link #of(String, SourceFiles)}, and accepts files that no layer can contain, such
   * as sockets: to compare what is there with what was.
   *
   * @param path the path as the closure graph spells it
   * @param files the calling thread's access to files
   * @return the entries found
   * @throws dev.strata.io.StrataException if a file cannot be accessed
   */
  public static PathScan ofAnyType(String path, SourceFiles files) {
    PathScan scan = new PathScan(FileNames.encode(path), CaseHack.isUsed(), true);
    scan.walk(files, () -> {}, null);
    return scan;
  }

  private void walk(SourceFiles files, Runnable meanwhile, @Nullable ScanFilter filter) {
    Listing listing = new Listing();
    files.stat(root, root.length, listing);
    add(-1, listing, 0);
    checkType(0);
    byte[] path = new byte[root.length + 4096];
    // Directories are listed in the order they are found, so that their entries are adjacent.
    for (int i = 0; i < mode.size(); i++) {
      if (!FileMode.isDirectory(mode.getInt(i))) {
        continue;
      }
      int length = sourcePathLength(i);
      if (length > path.length) {
        path = new byte[length * 2];
      }
      sourcePath(i, path);
      files.list(path, length, listing);
      detail.setInt(i, mode.size());
      if (filter != null) {
        filter.enter(i, path, length, baseLength() + 1);
      }
      for (int rank = 0; rank < listing.count(); rank++) {
        int entry = listing.entry(rank);
        if (filter == null || filter.keeps(listing, entry, mode.size())) {
          add(i, listing, entry);
          checkType(mode.size() - 1);
        }
      }
      childCount.setInt(i, mode.size() - detail.getInt(i));
      meanwhile.run();
    }
    if (filter != null) {
      socketCount = filter.socketCount();
      firstSocket = filter.firstSocket();
    }
    trim();
  }

  private void add(int parentEntry, Listing listing, int entry) {
    byte[] bytes = listing.bytes();
    int m = listing.mode(entry);
    parent.addInt(parentEntry);
    nameOffset.addInt(names.add(bytes, listing.nameOffset(entry), listing.nameLength(entry)));
    nameLength.addInt(listing.nameLength(entry));
    mode.addInt(m);
    size.addLong(listing.size(entry));
    detail.addInt(
        FileMode.isSymlink(m)
            ? names.add(bytes, listing.linkOffset(entry), (int) listing.size(entry))
            : 0);
    childCount.addInt(0);
    if (FileMode.isPrivileged(m) && privilegedCount++ == 0) {
      firstPrivileged = mode.size() - 1;
    }
    if (caseHack && parentEntry >= 0) {
      checkCaseHack(mode.size() - 1);
    }
  }

  /** Notes whether a name has the suffix, without which it must still be a name. */
  private void checkCaseHack(int entry) {
    int offset = nameOffset(entry);
    int length = CaseHack.nameLength(bytes(), offset, nameLength(entry));
    if (length == nameLength(entry)) {
      return;
    }
    hacked = true;
    byte[] bytes = bytes();
    boolean dots = length <= 2;
    for (int i = 0; i < length; i++) {
      dots &= bytes[offset + i] == '.';
    }
    if (dots) {
      throw new InvalidInputException(
          "no name is left of "
              + FileNames.quote(sourceName(entry))
              + " without the suffix that Nix adds on macOS; rename it in the store path");
    }
  }

  /**
   * Returns how many files have the setuid or setgid bit.
   *
   * @return the number of regular files
   */
  public int privilegedCount() {
    return privilegedCount;
  }

  /**
   * Returns the first file with the setuid or setgid bit.
   *
   * @return its path below the store path, if {@link #privilegedCount} is not 0
   */
  public String firstPrivileged() {
    return sourceName(firstPrivileged);
  }

  /**
   * Returns how many sockets were left out.
   *
   * @return the number of sockets
   */
  public int socketCount() {
    return socketCount;
  }

  /**
   * Returns the first socket that was left out.
   *
   * @return its path; empty if there is none
   */
  public String firstSocket() {
    return firstSocket;
  }

  private void checkType(int entry) {
    int m = mode.getInt(entry);
    if (!anyType && !FileMode.isDirectory(m) && !FileMode.isRegular(m) && !FileMode.isSymlink(m)) {
      throw new InvalidInputException(
          FileNames.quote(sourceName(entry))
              + " is "
              + FileMode.typeName(m)
              + ", which a layer cannot contain; remove it from the store path");
    }
  }

  private void trim() {
    parent.trimToSize();
    nameOffset.trimToSize();
    nameLength.trimToSize();
    mode.trimToSize();
    size.trimToSize();
    detail.trimToSize();
    childCount.trimToSize();
  }

  /**
   * Returns the number of entries, including the path itself.
   *
   * @return the number of entries
   */
  public int count() {
    return mode.size();
  }

  /**
   * Returns the type and permissions of an entry.
   *
   * @param entry the number of the entry, 0 for the path itself
   * @return {@code st_mode}
   */
  public int mode(int entry) {
    return mode.getInt(entry);
  }

  /**
   * Returns the size of a file, or the length of the target of a link.
   *
   * @param entry the number of the entry
   * @return a number of bytes
   */
  public long size(int entry) {
    return size.getLong(entry);
  }

  /**
   * Returns the number of files in a directory.
   *
   * @param entry the number of the entry
   * @return the number of files; 0 for other types
   */
  public int childCount(int entry) {
    return FileMode.isDirectory(mode.getInt(entry)) ? childCount.getInt(entry) : 0;
  }

  /**
   * Returns the first file in a directory; the others follow it, sorted by their names on this
   * machine.
   *
   * @param entry the number of a directory that is not empty
   * @return the number of an entry
   */
  public int firstChild(int entry) {
    return detail.getInt(entry);
  }

  /**
   * Returns where the target of a symbolic link starts.
   *
   * @param entry the number of a symbolic link
   * @return an offset in {@link #bytes}
   */
  public int linkOffset(int entry) {
    return detail.getInt(entry);
  }

  /**
   * Returns the bytes that contain the names and link targets.
   *
   * @return an array, not to be changed
   */
  public byte[] bytes() {
    return names.array();
  }

  /**
   * Returns where the name of an entry starts.
   *
   * @param entry the number of the entry
   * @return an offset in {@link #bytes}
   */
  public int nameOffset(int entry) {
    return nameOffset.getInt(entry);
  }

  int nameLength(int entry) {
    return nameLength.getInt(entry);
  }

  /** Returns whether the path or a name below it has the suffix of {@link CaseHack}. */
  public boolean isHacked() {
    return hacked;
  }

  /** Returns the length of an entry's name in the image, which is the start of its name here. */
  public int imageNameLength(int entry) {
    int length = nameLength(entry);
    return hacked ? CaseHack.nameLength(bytes(), nameOffset(entry), length) : length;
  }

  /** Returns the path itself before it is rewritten. */
  byte[] imageRoot() {
    return caseHack ? CaseHack.strip(root) : root;
  }

  /** Returns what the paths of the entries below the path start with before they are rewritten. */
  byte[] imageBase() {
    return caseHack ? CaseHack.strip(base) : base;
  }

  /** Returns an entry's path before it is rewritten. */
  byte[] imagePath(int entry) {
    byte[] path = new byte[sourcePathLength(entry)];
    sourcePath(entry, path);
    return hacked || caseHack && entry == 0 ? CaseHack.strip(path) : path;
  }

  byte[] root() {
    return root;
  }

  /** Returns the length in bytes of an entry's path on this machine. */
  public int sourcePathLength(int entry) {
    if (entry == 0) {
      return root.length;
    }
    int length = baseLength();
    for (int e = entry; e > 0; e = parent.getInt(e)) {
      length += 1 + nameLength.getInt(e);
    }
    return length;
  }

  /** The root directory adds nothing to the slash before each name. */
  private int baseLength() {
    return base.length == 1 && base[0] == '/' ? 0 : base.length;
  }

  /** Writes an entry's path on this machine to the start of an array; returns its length. */
  public int sourcePath(int entry, byte[] out) {
    int length = sourcePathLength(entry);
    if (entry == 0) {
      System.arraycopy(root, 0, out, 0, length);
      return length;
    }
    int at = length;
    byte[] bytes = names.array();
    for (int e = entry; e > 0; e = parent.getInt(e)) {
      at -= nameLength.getInt(e);
      System.arraycopy(bytes, nameOffset.getInt(e), out, at, nameLength.getInt(e));
      out[--at] = '/';
    }
    System.arraycopy(base, 0, out, 0, baseLength());
    return length;
  }

  /** Returns an entry's path on this machine, for messages. */
  public String sourceName(int entry) {
    byte[] path = new byte[sourcePathLength(entry)];
    sourcePath(entry, path);
    return FileNames.decode(path);
  }
}
