package dev.strata.tar;

import dev.strata.io.FileMode;
import dev.strata.io.FileNames;
import dev.strata.io.SourceFiles;
import dev.strata.io.StrataException;
import dev.strata.tree.FileTree;
import dev.strata.tree.Owner;
import java.util.Arrays;

/**
 * The tar stream of a file tree, laid out but not kept: the place of every byte is known, so that
 * any piece can be made on its own, by any thread, in any order. Immutable and thread-safe.
 */
public final class TarStream {
  private static final int BLOCK = HeaderEncoder.BLOCK;
  private static final int END_OF_ARCHIVE = 2 * BLOCK;
  private static final int ROOM_TO_PROBE = 1;

  private final FileTree tree;

  /** Where each entry starts; one more for the end of the last. */
  private final long[] offsets;

  private TarStream(FileTree tree, long[] offsets) {
    this.tree = tree;
    this.offsets = offsets;
  }

  /**
   * Lays out the stream of a tree.
   *
   * @param tree the tree
   * @return its stream
   * @throws StrataException if an entry can't be held by any tar format
   */
  public static TarStream of(FileTree tree) {
    HeaderEncoder encoder = new HeaderEncoder();
    TarEntry entry = new TarEntry();
    long[] offsets = new long[tree.count() + 1];
    long at = 0;
    for (int i = 0; i < tree.count(); i++) {
      offsets[i] = at;
      fill(entry, tree, i);
      at += encoder.length(entry) + padded(entry.size);
    }
    offsets[tree.count()] = at;
    return new TarStream(tree, offsets);
  }

  private static void fill(TarEntry e, FileTree tree, int entry) {
    e.reserveName(tree.pathLength(entry));
    e.nameLength = tree.path(entry, e.name);
    int mode = tree.mode(entry);
    e.linkLength = 0;
    e.size = 0;
    if (FileMode.isDirectory(mode)) {
      e.type = TarEntry.DIRECTORY;
      e.mode = mode & FileMode.PERMISSIONS;
    } else if (FileMode.isSymlink(mode)) {
      e.type = TarEntry.SYMLINK;
      e.reserveLink(tree.linkLength(entry));
      e.linkLength = tree.link(entry, e.link);
      e.mode = 0777;
    } else {
      e.type = TarEntry.REGULAR;
      e.mode = mode & FileMode.PERMISSIONS;
      e.size = tree.size(entry);
      if (e.name[e.nameLength - 1] == '/') {
        throw new StrataException(
            "the file "
                + FileNames.quote(sourceName(tree, entry))
                + " would become '/' in the image, which must be a directory: mend the rewrite");
      }
    }
    Owner owner = tree.owner(entry);
    if (owner.modeSet()) {
      e.mode = owner.mode();
    }
    e.uid = owner.uid();
    e.gid = owner.gid();
    e.uname = owner.unameBytes();
    e.gname = owner.gnameBytes();
  }

  private static String sourceName(FileTree tree, int entry) {
    byte[] path = new byte[tree.sourcePathLength(entry)];
    tree.sourcePath(entry, path);
    return FileNames.decode(path);
  }

  private static long padded(long size) {
    return (size + BLOCK - 1) & -BLOCK;
  }

  /**
   * The length of the stream.
   *
   * @return a number of bytes, a multiple of 512
   */
  public long size() {
    return offsets[tree.count()] + END_OF_ARCHIVE;
  }

  /**
   * How many entries the stream has.
   *
   * @return the number of entries, special ones for long names not counted
   */
  public int entries() {
    return tree.count();
  }

  /**
   * Makes one reader of the stream for one thread.
   *
   * @param files how that thread reads files
   * @return a reader
   */
  public Reader reader(SourceFiles files) {
    return new Reader(files);
  }

  /** Makes pieces of the stream. Not thread-safe: each thread has its own. */
  public final class Reader {
    private final SourceFiles files;
    private final HeaderEncoder encoder = new HeaderEncoder();
    private final TarEntry entry = new TarEntry();
    private byte[] header = new byte[4 * BLOCK];
    private byte[] path = new byte[4096];

    private Reader(SourceFiles files) {
      this.files = files;
    }

    /**
     * Makes a piece of the stream.
     *
     * @param position where the piece starts in the stream, in bytes
     * @param out gets the piece at its start; one byte longer than {@code count} at least
     * @param count how many bytes to make; {@code position + count} is at most {@link #size}
     * @throws StrataException if a file can't be read or has another size than it had
     */
    public void read(long position, byte[] out, int count) {
      long end = position + count;
      int i = Arrays.binarySearch(offsets, position);
      if (i < 0) {
        i = -i - 2;
      }
      int done = 0;
      // Several entries can't start at one offset, so a found one is the right one.
      for (; i < tree.count() && position + done < end; i++) {
        done += readEntry(i, position + done - offsets[i], out, done, count - done);
      }
      Arrays.fill(out, done, count, (byte) 0);
    }

    /** Makes what fits of an entry from a position in it. */
    private int readEntry(int index, long from, byte[] out, int at, int room) {
      fill(entry, tree, index);
      long total = offsets[index + 1] - offsets[index];
      int headerLength = (int) (total - padded(entry.size));
      int done = 0;
      if (from < headerLength) {
        done = readHeader(headerLength, (int) from, out, at, room);
      }
      long inFile = from + done - headerLength;
      if (inFile >= 0 && inFile < entry.size && done < room) {
        int n = (int) Math.min(entry.size - inFile, room - done);
        readFile(index, inFile, out, at + done, n);
        done += n;
      }
      int padding = (int) Math.min(total - from - done, room - done);
      if (padding > 0 && from + done >= headerLength + entry.size) {
        Arrays.fill(out, at + done, at + done + padding, (byte) 0);
        done += padding;
      }
      return done;
    }

    private int readHeader(int headerLength, int from, byte[] out, int at, int room) {
      if (from == 0 && headerLength <= room) {
        encoder.encode(entry, out, at);
        return headerLength;
      }
      if (header.length < headerLength) {
        header = new byte[headerLength * 2];
      }
      encoder.encode(entry, header, 0);
      int n = Math.min(headerLength - from, room);
      System.arraycopy(header, from, out, at, n);
      return n;
    }

    private void readFile(int index, long from, byte[] out, int at, int count) {
      int length = tree.sourcePathLength(index);
      if (path.length < length) {
        path = new byte[length * 2];
      }
      tree.sourcePath(index, path);
      boolean last = from + count == entry.size;
      int wanted = last ? count + ROOM_TO_PROBE : count;
      int n = files.read(path, length, from, out, at, wanted, count);
      if (n != count) {
        throw new StrataException(
            FileNames.quote(FileNames.decode(path, 0, length))
                + " changed its size while it was read: it had "
                + entry.size
                + " bytes, now "
                + (n < count ? "it has " + (from + n) : "it has more")
                + ": build again when nothing writes to it");
      }
    }
  }
}
