package dev.strata.internal.tar;

import dev.strata.internal.files.FileMode;
import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.tree.FileTree;
import dev.strata.internal.tree.Owner;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tar stream of a file tree, laid out but not kept: the place of every byte is known, so that
 * any piece can be made on its own, by any thread, in any order. It may be one part of a longer
 * stream. Immutable and thread-safe.
 */
public final class TarStream {
  private static final int BLOCK = HeaderEncoder.BLOCK;
  private static final int END_OF_ARCHIVE = 2 * BLOCK;
  private static final int ROOM_TO_PROBE = 1;

  private final FileTree tree;

  /** The first entry of the stream; those before it are in an earlier part. */
  private final int first;

  /** Where each entry starts; one more for the end of the last. */
  private final long[] offsets;

  private TarStream(FileTree tree, int first, long[] offsets) {
    this.tree = tree;
    this.first = first;
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
    return of(tree, 0);
  }

  /**
   * Lays out a part of a stream, without entries that an earlier part has.
   *
   * @param tree the tree
   * @param first the number of the first entry that belongs to this part: those before it are
   *     directories above it
   * @return its stream
   * @throws StrataException if an entry can't be held by any tar format
   */
  public static TarStream of(FileTree tree, int first) {
    TarEntry large = new TarEntry();
    PathCursor path = new PathCursor(tree);
    int count = tree.count();
    boolean[] ascii = new boolean[count];
    long[] offsets = new long[count + 1];
    long at = 0;
    for (int i = 0; i < count; i++) {
      offsets[i] = at;
      int parent = tree.parent(i);
      ascii[i] = (parent < 0 || ascii[parent]) && tree.isNameAscii(i);
      if (i < first) {
        continue;
      }
      if (ascii[i] && isPlain(tree, i, path)) {
        at += BLOCK;
      } else {
        fill(large, tree, i);
        at += HeaderEncoder.length(large);
      }
      at += padded(tree.size(i));
    }
    offsets[count] = at;
    return new TarStream(tree, first, offsets);
  }

  /**
   * Whether an entry with an ASCII path is sure to fit in one USTAR header made from a template.
   */
  private static boolean isPlain(FileTree tree, int entry, PathCursor path) {
    if (FileMode.isSymlink(tree.mode(entry))
        || tree.size(entry) >= 1L << 33
        || tree.nameLength(entry) == 0
        || !tree.hasDefaultOwner(entry)) {
      return false;
    }
    if (tree.pathLength(entry) <= HeaderEncoder.NAME_SIZE) {
      return true;
    }
    path.set(entry);
    return HeaderEncoder.split(path.bytes(), path.length()) > 0;
  }

  private static byte type(int mode) {
    if (FileMode.isDirectory(mode)) {
      return TarEntry.DIRECTORY;
    }
    return FileMode.isSymlink(mode) ? TarEntry.SYMLINK : TarEntry.REGULAR;
  }

  /** Says all of an entry, for the headers that need the long way. */
  private static void fill(TarEntry e, FileTree tree, int entry) {
    e.nameLength = tree.pathLength(entry);
    e.reserveName(e.nameLength);
    tree.path(entry, e.name);
    int mode = tree.mode(entry);
    e.type = type(mode);
    e.mode = e.type == TarEntry.SYMLINK ? 0777 : mode & FileMode.PERMISSIONS;
    e.size = tree.size(entry);
    e.linkLength = tree.linkLength(entry);
    if (e.type == TarEntry.SYMLINK) {
      e.reserveLink(e.linkLength);
      tree.link(entry, e.link);
    }
    if (e.type == TarEntry.REGULAR && e.name[e.nameLength - 1] == '/') {
      byte[] source = new byte[tree.sourcePathLength(entry)];
      tree.sourcePath(entry, source);
      throw new StrataException(
          "the file "
              + FileNames.quote(FileNames.decode(source))
              + " would become '/' in the image, which must be a directory: mend the rewrite");
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
   * The length of the entries, without the end of the archive.
   *
   * @return a number of bytes, a multiple of 512
   */
  public long entriesSize() {
    return offsets[tree.count()];
  }

  /**
   * How many entries the stream has.
   *
   * @return the number of entries, special ones for long names not counted
   */
  public int entries() {
    return tree.count() - first;
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
    private final PathCursor path = new PathCursor(tree);
    private final TarEntry large = new TarEntry();
    private byte[] header = new byte[4 * BLOCK];
    private byte[] sourcePath = new byte[512];
    private @Nullable UstarTemplate fileTemplate;
    private @Nullable UstarTemplate directoryTemplate;
    private int fileMode;
    private int directoryMode;

    private Reader(SourceFiles files) {
      this.files = files;
    }

    /**
     * Makes a piece of the stream.
     *
     * @param position where the piece starts in the stream, in bytes
     * @param out gets the piece; one byte longer than it at least
     * @param at where the piece goes in {@code out}
     * @param count how many bytes to make; {@code position + count} is at most {@link #size}
     * @throws StrataException if a file can't be read or has another size than it had
     */
    public void read(long position, byte[] out, int at, int count) {
      int i = Arrays.binarySearch(offsets, first, offsets.length, position);
      if (i < 0) {
        i = -i - 2;
      }
      int done = 0;
      // Several entries can't start at one offset, so a found one is the right one.
      for (; i < tree.count() && done < count; i++) {
        done += readEntry(i, position + done - offsets[i], out, at + done, count - done);
      }
      Arrays.fill(out, at + done, at + count, (byte) 0);
    }

    /** Makes what fits of an entry from a position in it. */
    private int readEntry(int entry, long from, byte[] out, int at, int room) {
      long size = tree.size(entry);
      long total = offsets[entry + 1] - offsets[entry];
      int headerLength = (int) (total - padded(size));
      path.set(entry);
      int done = 0;
      if (from < headerLength) {
        done = readHeader(entry, headerLength, (int) from, out, at, room);
      }
      long inFile = from + done - headerLength;
      boolean inContent = inFile >= 0 && inFile < size && done < room;
      // An empty file is opened too, where its header ends: it must be readable and still empty.
      boolean empty = size == 0 && inFile == 0 && done > 0 && FileMode.isRegular(tree.mode(entry));
      if (inContent || empty) {
        int n = (int) Math.min(size - inFile, room - done);
        readFile(entry, inFile, out, at + done, n, size);
        done += n;
      }
      int padding = (int) Math.min(total - from - done, room - done);
      if (padding > 0) {
        Arrays.fill(out, at + done, at + done + padding, (byte) 0);
        done += padding;
      }
      return done;
    }

    private int readHeader(int entry, int headerLength, int from, byte[] out, int at, int room) {
      int mode = tree.mode(entry);
      if (headerLength == BLOCK
          && !FileMode.isSymlink(mode)
          && tree.hasDefaultOwner(entry)
          && path.length() > 1) {
        int length = path.length();
        int split =
            length > HeaderEncoder.NAME_SIZE ? HeaderEncoder.split(path.bytes(), length) : 0;
        template(mode).write(path.bytes(), length, split, tree.size(entry), out, at);
        return BLOCK;
      }
      fill(large, tree, entry);
      if (header.length < headerLength) {
        header = new byte[headerLength * 2];
      }
      HeaderEncoder.encode(large, header, 0);
      int n = Math.min(headerLength - from, room);
      System.arraycopy(header, from, out, at, n);
      return n;
    }

    /** Modes change rarely from file to file: one template of each type is kept. */
    private UstarTemplate template(int mode) {
      boolean directory = FileMode.isDirectory(mode);
      UstarTemplate known = directory ? directoryTemplate : fileTemplate;
      if (known != null && mode == (directory ? directoryMode : fileMode)) {
        return known;
      }
      UstarTemplate made = HeaderEncoder.template(type(mode), mode & FileMode.PERMISSIONS);
      if (directory) {
        directoryTemplate = made;
        directoryMode = mode;
      } else {
        fileTemplate = made;
        fileMode = mode;
      }
      return made;
    }

    private void readFile(int entry, long from, byte[] out, int at, int count, long size) {
      byte[] source = path.bytes();
      int length = path.length();
      int nameStart = path.nameStart();
      if (!tree.isInPlace(entry)) {
        length = tree.sourcePathLength(entry);
        if (sourcePath.length < length) {
          sourcePath = new byte[length * 2];
        }
        tree.sourcePath(entry, sourcePath);
        source = sourcePath;
        nameStart = length;
        while (nameStart > 0 && source[nameStart - 1] != '/') {
          nameStart--;
        }
      }
      boolean last = from + count == size;
      int wanted = last ? count + ROOM_TO_PROBE : count;
      int n = files.read(source, length, nameStart, from, out, at, wanted, count);
      if (n != count) {
        throw new StrataException(
            FileNames.quote(FileNames.decode(source, 0, length))
                + " changed its size while it was read: it had "
                + size
                + " bytes, now "
                + (n < count ? "it has " + (from + n) : "it has more")
                + ": build again when nothing writes to it");
      }
    }
  }
}
