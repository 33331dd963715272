package dev.strata.internal.tree;

import dev.strata.internal.files.FileMode;
import dev.strata.internal.files.Listing;
import dev.strata.internal.files.SourceFiles;
import dev.strata.io.FileNames;
import dev.strata.layering.ExcludePatterns;
import dev.strata.layering.ExcludePatterns.Matches;
import java.util.Arrays;
import org.agrona.collections.Int2ObjectHashMap;

/**
 * Decides which files of a walk are left out: those that patterns exclude, and sockets. For one
 * walk; not thread-safe.
 */
final class ScanFilter {
  private final ExcludePatterns excludes;
  private final SourceFiles files;
  private final boolean hasExceptions;
  private final Int2ObjectHashMap<Matches> directories = new Int2ObjectHashMap<>();
  private Matches current;
  private byte[] path = new byte[0];
  private int relative;
  private int socketCount;
  private String firstSocket = "";

  ScanFilter(ExcludePatterns excludes, SourceFiles files) {
    this.excludes = excludes;
    this.files = files;
    this.hasExceptions = excludes.hasExceptions();
    this.current = excludes.start();
    directories.put(0, current);
  }

  /**
   * Moves to a directory that was kept.
   *
   * @param directory the number of its entry
   * @param source its path on this machine
   * @param length the length of that path
   * @param start where its path relative to the start of the walk begins
   */
  void enter(int directory, byte[] source, int length, int start) {
    current = directories.remove(directory);
    path = Arrays.copyOf(source, length);
    relative = start;
  }

  /**
   * Returns whether an entry of the current directory is kept.
   *
   * @param number the number of the entry if it is kept
   */
  boolean keeps(Listing listing, int entry, int number) {
    byte[] full = join(path, listing, entry);
    Matches matches = excludes.enter(current, relative(full));
    boolean directory = FileMode.isDirectory(listing.mode(entry));
    if (excludes.isExcluded(matches)
        && !(directory && hasExceptions && keepsAnyIn(full, matches))) {
      return false;
    }
    if (FileMode.isSocket(listing.mode(entry))) {
      firstSocket = socketCount++ == 0 ? FileNames.decode(full) : firstSocket;
      return false;
    }
    if (directory) {
      directories.put(number, matches);
    }
    return true;
  }

  /** Returns whether a pattern brings back anything in a directory that is left out. */
  private boolean keepsAnyIn(byte[] directory, Matches matches) {
    Listing listing = new Listing();
    files.list(directory, directory.length, listing);
    for (int rank = 0; rank < listing.count(); rank++) {
      int entry = listing.entry(rank);
      byte[] full = join(directory, listing, entry);
      Matches inner = excludes.enter(matches, relative(full));
      if (!excludes.isExcluded(inner)) {
        return true;
      }
      if (FileMode.isDirectory(listing.mode(entry)) && keepsAnyIn(full, inner)) {
        return true;
      }
    }
    return false;
  }

  private static byte[] join(byte[] directory, Listing listing, int entry) {
    int length = listing.nameLength(entry);
    boolean slash = directory.length > 0 && directory[directory.length - 1] == '/';
    int at = slash ? directory.length : directory.length + 1;
    byte[] full = Arrays.copyOf(directory, at + length);
    full[at - 1] = '/';
    System.arraycopy(listing.bytes(), listing.nameOffset(entry), full, at, length);
    return full;
  }

  /** Returns the part of a path after that of the walk and the slash behind it. */
  private byte[] relative(byte[] full) {
    return Arrays.copyOfRange(full, relative, full.length);
  }

  int socketCount() {
    return socketCount;
  }

  String firstSocket() {
    return firstSocket;
  }
}
