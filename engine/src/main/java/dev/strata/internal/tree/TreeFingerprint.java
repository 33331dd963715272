package dev.strata.internal.tree;

import dev.strata.blob.Digest;
import dev.strata.internal.files.FileMode;
import dev.strata.internal.files.Listing;
import dev.strata.internal.files.SourceFiles;
import dev.strata.io.ByteArena;
import dev.strata.io.FileNames;
import dev.strata.io.GoPaths;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import org.agrona.collections.IntArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether files have changed without reading them: a hash over the names, modes, sizes,
 * inodes and times of all files below a path, and over the targets of links. Equal fingerprints
 * mean equal content, if the file system sets the time of the last change (ctime) as POSIX
 * requires. Directories count with their times, too, so that a file that came and went leaves a
 * trace.
 *
 * <p>A file that changed just before it was looked at could change again without getting another
 * time. Then there is no fingerprint, as Git does not trust "racily clean" files (Git, <i>Racy
 * Git</i>).
 *
 * <p>Not thread-safe.
 */
public final class TreeFingerprint {
  /** Clocks of kernels tick at least a hundred times a second. */
  private static final long FINE_MILLIS = 100;

  /** FAT stores times in units of two seconds, others in seconds or milliseconds. */
  private static final long COARSE_MILLIS = 2_500;

  /** With more directories than this, libc is worth binding. */
  private static final int FEW_DIRECTORIES = 4;

  private static final int MILLION = 1_000_000;
  private static final int NANOS_MASK = (1 << 30) - 1;
  private static final int BUFFER = 64 << 10;
  private static final byte[] SLASH = {'/'};
  private static final int RECORD = 2 * Integer.BYTES + 4 * Long.BYTES;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final SourceFiles files;
  private final long lastFine;
  private final long lastCoarse;
  private final Listing listing = new Listing(true);
  private final MessageDigest hash = Digest.newSha256();
  private final ByteArena directories = new ByteArena(4096);
  private final IntArrayList ends = new IntArrayList(64, -1);
  private byte[] buffer = new byte[BUFFER];
  private int filled;
  private boolean racy;

  /**
   * Creates fingerprints.
   *
   * @param files the calling thread's access to files
   * @param now the current time, or an earlier one, in milliseconds since 1970
   */
  public TreeFingerprint(SourceFiles files, long now) {
    this.files = files;
    this.lastFine = time(now - FINE_MILLIS);
    this.lastCoarse = time(now - COARSE_MILLIS);
  }

  private static long time(long millis) {
    return Listing.time(Math.floorDiv(millis, 1000L), (int) Math.floorMod(millis, 1000L) * MILLION);
  }

  /**
   * Looks at all files below a path, without following symbolic links.
   *
   * @param path the path as the closure graph spells it
   * @return 32 bytes; null if a file may have changed just now
   * @throws dev.strata.io.StrataException if a file cannot be accessed
   */
  public byte @Nullable [] of(String path) {
    byte[] root = FileNames.encode(path);
    begin(root);
    if (FileMode.isDirectory(listing.mode(0))) {
      walk(GoPaths.clean(root));
    }
    return racy ? null : finish();
  }

  /**
   * Looks at a path alone: for one that never changes as long as it exists.
   *
   * @param path the path as the closure graph spells it
   * @return 32 bytes
   * @throws dev.strata.io.StrataException if it cannot be accessed
   */
  public byte[] ofRoot(String path) {
    begin(FileNames.encode(path));
    return finish();
  }

  private void begin(byte[] root) {
    hash.reset();
    filled = 0;
    racy = false;
    files.stat(root, root.length, listing);
    add(0, true);
  }

  private byte[] finish() {
    hash.update(buffer, 0, filled);
    return hash.digest();
  }

  private void walk(byte[] root) {
    directories.truncate(0);
    ends.clear();
    addDirectory(root, root.length, root, 0, 0);
    byte[] path = new byte[4096];
    int start = 0;
    // Directories are listed in the order they are found.
    for (int i = 0; i < ends.size() && !racy; i++) {
      int length = ends.getInt(i) - start;
      if (length > path.length) {
        path = new byte[length * 2];
      }
      System.arraycopy(directories.array(), start, path, 0, length);
      start = ends.getInt(i);
      files.list(path, length, listing);
      if (i == FEW_DIRECTORIES) {
        SourceFiles.prepare();
      }
      int count = listing.count();
      reserve(Integer.BYTES);
      INTS.set(buffer, filled, count);
      filled += Integer.BYTES;
      for (int rank = 0; rank < count; rank++) {
        int entry = listing.entry(rank);
        add(entry, false);
        if (FileMode.isDirectory(listing.mode(entry))) {
          addDirectory(
              path, length, listing.bytes(), listing.nameOffset(entry), listing.nameLength(entry));
        }
      }
    }
  }

  private void addDirectory(byte[] above, int length, byte[] name, int offset, int nameLength) {
    directories.add(above, 0, length);
    if (nameLength > 0) {
      if (length > 1 || above[0] != '/') {
        directories.add(SLASH, 0, 1);
      }
      directories.add(name, offset, nameLength);
    }
    ends.addInt(directories.size());
  }

  private void add(int entry, boolean isRoot) {
    int mode = listing.mode(entry);
    boolean link = FileMode.isSymlink(mode);
    int nameLength = listing.nameLength(entry);
    int linkLength = link ? (int) listing.size(entry) : 0;
    reserve(RECORD + nameLength + linkLength);
    INTS.set(buffer, filled, nameLength);
    INTS.set(buffer, filled + 4, mode);
    LONGS.set(buffer, filled + 8, listing.size(entry));
    // A link in a directory does not change: another one takes its place, and changes the
    // directory.
    boolean identified = isRoot || !link;
    LONGS.set(buffer, filled + 16, identified ? listing.inode(entry) : 0);
    LONGS.set(buffer, filled + 24, identified ? listing.modified(entry) : 0);
    LONGS.set(buffer, filled + 32, identified ? listing.changed(entry) : 0);
    filled += RECORD;
    if (identified) {
      racy |= isRecent(listing.modified(entry)) || isRecent(listing.changed(entry));
    }
    append(listing.nameOffset(entry), nameLength);
    append(link ? listing.linkOffset(entry) : 0, linkLength);
  }

  private void append(int offset, int length) {
    System.arraycopy(listing.bytes(), offset, buffer, filled, length);
    filled += length;
  }

  private void reserve(int length) {
    if (filled + length > buffer.length) {
      hash.update(buffer, 0, filled);
      filled = 0;
      if (length > buffer.length) {
        buffer = new byte[length];
      }
    }
  }

  /** Returns whether a file of this time could be changed again without getting another time. */
  private boolean isRecent(long time) {
    // A whole number of milliseconds may be all that the file system stores.
    boolean coarse = (time & NANOS_MASK) % MILLION == 0;
    return time > (coarse ? lastCoarse : lastFine);
  }
}
