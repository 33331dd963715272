package dev.strata.layer;

import dev.strata.internal.files.FileMode;
import dev.strata.internal.files.Listing;
import dev.strata.internal.files.ListingRecord;
import dev.strata.internal.files.SourceFiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one folder contains: the attributes of its files as bytes to be hashed. Filled by one
 * thread; another one may read it once {@link #isDone} returns true.
 */
final class FolderScan {
  /** The most bytes that the attributes of an entry take up, besides its name and link target. */
  private static final int FACTS = 32;

  private final byte[] path;
  private final long since;
  private final List<FolderScan> folders = new ArrayList<>();
  private final List<byte[]> changedFiles = new ArrayList<>();
  private final List<byte[]> changedFolders = new ArrayList<>();
  private byte[] facts = new byte[0];
  private byte[] record = new byte[0];
  private int count;
  private int length;
  private long newest;
  private volatile boolean done;

  private FolderScan(byte[] path, long since) {
    this.path = path;
    this.since = since;
  }

  /**
   * Looks at a file or folder itself, as the only entry of a folder without a name.
   *
   * @param since a change time, in nanoseconds since 1970; later changes are listed
   */
  static FolderScan ofRoot(byte[] path, long since, SourceFiles files) {
    Listing listing = Listing.withTimes();
    files.stat(path, path.length, listing);
    FolderScan scan = new FolderScan(path, since);
    scan.add(listing, 0, path);
    scan.record = ListingRecord.of(listing);
    scan.count = 1;
    scan.done = true;
    return scan;
  }

  /** Lists the folder. */
  void run(SourceFiles files, Listing listing, boolean recorded) {
    files.list(path, path.length, listing);
    putInt(listing.count());
    for (int rank = 0; rank < listing.count(); rank++) {
      add(listing, listing.entry(rank), null);
    }
    count = listing.count();
    if (recorded) {
      record = ListingRecord.of(listing);
    }
    done = true;
  }

  private void add(Listing listing, int entry, byte @Nullable [] itself) {
    int mode = listing.mode(entry);
    reserve(FACTS + listing.nameLength(entry));
    putInt(listing.nameLength(entry));
    putInt(mode);
    if (FileMode.isSymlink(mode)) {
      int target = (int) listing.size(entry);
      putLong(target);
      reserve(target + listing.nameLength(entry));
      put(listing.bytes(), listing.linkOffset(entry), target);
    } else {
      long changed = listing.changeTime(entry);
      newest = Math.max(newest, changed);
      if (FileMode.isDirectory(mode)) {
        // The time of a folder also changes when a file in it is created and removed again.
        FolderScan folder = new FolderScan(itself == null ? below(listing, entry) : itself, since);
        folders.add(folder);
        if (changed > since) {
          changedFolders.add(folder.path);
        }
      } else {
        putLong(listing.size(entry));
        putLong(changed);
        putLong(listing.inode(entry));
        if (changed > since) {
          changedFiles.add(itself == null ? below(listing, entry) : itself);
        }
      }
    }
    put(listing.bytes(), listing.nameOffset(entry), listing.nameLength(entry));
  }

  private byte[] below(Listing listing, int entry) {
    int slash = path.length > 0 && path[path.length - 1] == '/' ? 0 : 1;
    int name = listing.nameLength(entry);
    byte[] full = Arrays.copyOf(path, path.length + slash + name);
    full[full.length - name - 1] = '/';
    System.arraycopy(listing.bytes(), listing.nameOffset(entry), full, full.length - name, name);
    return full;
  }

  private void reserve(int count) {
    if (facts.length - length < count) {
      facts = Arrays.copyOf(facts, Math.max(facts.length * 2, length + count + FACTS));
    }
  }

  private void put(byte[] bytes, int offset, int count) {
    System.arraycopy(bytes, offset, facts, length, count);
    length += count;
  }

  private void putInt(int value) {
    reserve(Integer.BYTES);
    for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      facts[length++] = (byte) (value >>> shift);
    }
  }

  private void putLong(long value) {
    putInt((int) (value >>> Integer.SIZE));
    putInt((int) value);
  }

  /** Returns whether {@link #run} has ended. */
  boolean isDone() {
    return done;
  }

  /** Returns the attributes, of which the first {@link #length} bytes count. */
  byte[] facts() {
    return facts;
  }

  int length() {
    return length;
  }

  /** Forgets the attributes after they were hashed. */
  void hashed() {
    facts = new byte[0];
    length = 0;
  }

  /** Returns the path of the folder. */
  byte[] path() {
    return path;
  }

  /** Returns how many files are in the folder itself. */
  int count() {
    return count;
  }

  /** Returns what the folder contains, to be compared later; empty if it was not recorded. */
  byte[] record() {
    return record;
  }

  /** Returns the newest change time, in nanoseconds since 1970. */
  long newest() {
    return newest;
  }

  /** Returns the folders in this one, in the order of their names as bytes. */
  List<FolderScan> folders() {
    return folders;
  }

  List<byte[]> changedFiles() {
    return changedFiles;
  }

  List<byte[]> changedFolders() {
    return changedFolders;
  }
}
