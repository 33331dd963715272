package dev.strata.layer;

import dev.strata.blob.Digest;
import dev.strata.internal.files.FileMode;
import dev.strata.internal.files.Listing;
import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.files.StopCheck;
import dev.strata.io.FileNames;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks at all files below a path without reading them. Any change of a file also sets its change
 * time, which no program can set to a value of its choice. Filled by one thread.
 */
final class SourceScan {
  private static final int BUFFER = 64 << 10;

  /** The most bytes that the attributes of an entry take up, besides its name and link target. */
  private static final int FACTS = 64;

  /** With more folders than this, libc is worth binding. */
  private static final int FEW = 4;

  private final MessageDigest hash = Digest.newSha256();
  private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
  private final Deque<byte[]> folders = new ArrayDeque<>();
  private final long since;
  private final List<String> files = new ArrayList<>();
  private final Set<String> foldersOfFiles = new HashSet<>();
  private final List<String> changedFolders = new ArrayList<>();
  private long newest;

  private SourceScan(long since) {
    this.since = since;
  }

  /**
   * Scans a path.
   *
   * @param since a change time, in nanoseconds since 1970; later changes are listed
   * @throws dev.strata.io.NotFoundException if there is no such path
   * @throws dev.strata.io.StrataException if a folder cannot be read
   */
  static SourceScan of(String path, long since) {
    return of(path, since, SourceFiles::checkInterrupted);
  }

  /** Scans a path, and calls {@code check} now and then. */
  static SourceScan of(String path, long since, StopCheck check) {
    SourceScan scan = new SourceScan(since);
    try (SourceFiles files = SourceFiles.open(check)) {
      scan.walk(FileNames.encode(path), files);
    }
    return scan;
  }

  private void walk(byte[] root, SourceFiles files) {
    Listing listing = Listing.withTimes();
    files.stat(root, root.length, listing);
    add(root, listing, 0);
    int listed = 0;
    for (byte[] folder = folders.poll(); folder != null; folder = folders.poll()) {
      files.checkStopped();
      if (++listed == FEW) {
        SourceFiles.prepare();
      }
      files.list(folder, folder.length, listing);
      reserve(Integer.BYTES);
      buffer.putInt(listing.count());
      for (int rank = 0; rank < listing.count(); rank++) {
        int entry = listing.entry(rank);
        add(below(folder, listing, entry), listing, entry);
      }
    }
    flush();
  }

  private static byte[] below(byte[] folder, Listing listing, int entry) {
    int slash = folder.length > 0 && folder[folder.length - 1] == '/' ? 0 : 1;
    byte[] path = Arrays.copyOf(folder, folder.length + slash + listing.nameLength(entry));
    path[path.length - listing.nameLength(entry) - 1] = '/';
    System.arraycopy(
        listing.bytes(),
        listing.nameOffset(entry),
        path,
        path.length - listing.nameLength(entry),
        listing.nameLength(entry));
    return path;
  }

  private void add(byte[] path, Listing listing, int entry) {
    int mode = listing.mode(entry);
    reserve(FACTS);
    buffer.putInt(listing.nameLength(entry)).putInt(mode);
    if (FileMode.isSymlink(mode)) {
      buffer.putLong(listing.size(entry));
      put(listing.bytes(), listing.linkOffset(entry), (int) listing.size(entry));
    } else {
      long changed = listing.changeTime(entry);
      newest = Math.max(newest, changed);
      if (FileMode.isDirectory(mode)) {
        // The time of a folder also changes when a file in it is created and removed again.
        folders.add(path);
        if (changed > since) {
          changedFolders.add(FileNames.decode(path));
        }
      } else {
        buffer.putLong(listing.size(entry)).putLong(changed).putLong(listing.inode(entry));
        if (changed > since) {
          note(FileNames.decode(path));
        }
      }
    }
    put(listing.bytes(), listing.nameOffset(entry), listing.nameLength(entry));
  }

  private void note(String file) {
    files.add(file);
    int slash = file.lastIndexOf('/');
    foldersOfFiles.add(slash > 0 ? file.substring(0, slash) : "/");
  }

  private void put(byte[] bytes, int offset, int length) {
    if (length > buffer.capacity()) {
      flush();
      hash.update(bytes, offset, length);
      return;
    }
    reserve(length);
    buffer.put(bytes, offset, length);
  }

  private void reserve(int length) {
    if (buffer.remaining() < length) {
      flush();
    }
  }

  private void flush() {
    hash.update(buffer.flip());
    buffer.clear();
  }

  /** Returns the digest of what was found. To be called once. */
  Digest digest() {
    return Digest.sha256(hash.digest());
  }

  /** Returns the newest change time, in nanoseconds since 1970. */
  long newest() {
    return newest;
  }

  /**
   * Returns the files that changed after the given time, then the folders from which a file was
   * removed, or whose attributes changed.
   */
  List<String> changed() {
    List<String> all = new ArrayList<>(files);
    for (String folder : changedFolders) {
      if (!foldersOfFiles.contains(folder)) {
        all.add(folder);
      }
    }
    return all;
  }
}
