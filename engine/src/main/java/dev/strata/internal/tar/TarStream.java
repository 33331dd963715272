package dev.strata.internal.tar;

import dev.strata.internal.files.FileMode;
import dev.strata.internal.files.SourceFiles;
import dev.strata.internal.foreign.Slab;
import dev.strata.internal.tree.FileTree;
import dev.strata.internal.tree.Owner;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.SourceChangedException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The layout of a file tree's tar stream. The offset of every entry is known, so that any part can
 * be produced on its own, by any thread, in any order, and nothing has to be kept. It may be a part
 * of a longer stream. Immutable and thread-safe.
 */
public final class TarStream {
  private static final int BLOCK = HeaderEncoder.BLOCK;
  private static final int END_OF_ARCHIVE = 2 * BLOCK;
  private static final int ROOM_TO_PROBE = 1;

  private final FileTree tree;

  /** The first entry of the stream; those before it belong to an earlier part. */
  private final int first;

  /** The offset of each entry, and the end of the last. */
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
   * @throws InvalidInputException if no tar format can represent an entry
   */
  public static TarStream of(FileTree tree) {
    return of(tree, 0);
  }

  /**
   * Lays out a part of a stream, without the entries of an earlier part.
   *
   * @param tree the tree
   * @param first the number of the first entry of this part; those before it are directories that
   *     contain it
   * @return its stream
   * @throws InvalidInputException if no tar format can represent an entry
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
   * Whether an entry with an ASCII path fits into a USTAR header that is written from a template.
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

  /** Copies all facts of an entry, for headers that no template covers. */
  static void fill(TarEntry e, FileTree tree, int entry) {
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
      throw new InvalidInputException(
          "the rewrite turns the file "
              + FileNames.quote(FileNames.decode(source))
              + " into '/', which must be a directory; correct the rewrite");
    }
    Owner owner = tree.owner(entry);
    if (owner.modeSet()) {
      e.mode = owner.mode();
    }
    e.mode |= owner.orMode();
    e.mtime = owner.mtime();
    e.uid = owner.uid();
    e.gid = owner.gid();
    e.uname = owner.unameBytes();
    e.gname = owner.gnameBytes();
  }

  private static long padded(long size) {
    return (size + BLOCK - 1) & -BLOCK;
  }

  /**
   * Returns the length of the stream.
   *
   * @return the length in bytes, a multiple of 512
   */
  public long size() {
    return offsets[tree.count()] + END_OF_ARCHIVE;
  }

  /**
   * Returns the length of the entries, without the end-of-archive marker.
   *
   * @return the length in bytes, a multiple of 512
   */
  public long entriesSize() {
    return offsets[tree.count()];
  }

  /**
   * Returns the number of entries of the stream.
   *
   * @return the number of entries, not counting special ones for long names
   */
  public int entries() {
    return tree.count() - first;
  }

  /**
   * Returns the tree that the stream is laid out from.
   *
   * @return the tree; its entries before {@link #firstEntry} are not in this stream
   */
  public FileTree tree() {
    return tree;
  }

  /**
   * Returns the first entry of the stream.
   *
   * @return the number of an entry of the tree
   */
  public int firstEntry() {
    return first;
  }

  /**
   * Returns where an entry ends, with its padding.
   *
   * @param entry the number of the entry
   * @return an offset in the stream, in bytes
   */
  public long end(int entry) {
    return offsets[entry + 1];
  }

  /**
   * Returns where the content of an entry starts, after its header.
   *
   * @param entry the number of the entry
   * @return an offset in the stream, in bytes
   */
  public long contentStart(int entry) {
    return offsets[entry + 1] - padded(tree.size(entry));
  }

  /**
   * Creates a reader of the stream for one thread.
   *
   * @param files that thread's access to files
   * @return a reader
   */
  public Reader reader(SourceFiles files) {
    return new Reader(files);
  }

  /** Produces parts of the stream. Not thread-safe; each thread needs its own. */
  public final class Reader {
    private final SourceFiles files;
    private final PathCursor path = new PathCursor(tree);
    private final TarEntry large = new TarEntry();
    private byte[] header = new byte[0];
    private byte[] sourcePath = new byte[0];
    private @Nullable UstarTemplate fileTemplate;
    private @Nullable UstarTemplate directoryTemplate;
    private int fileMode;
    private int directoryMode;

    private Reader(SourceFiles files) {
      this.files = files;
    }

    /**
     * Produces a part of the stream.
     *
     * @param position the offset of the part in the stream, in bytes
     * @param out receives the part; has room for at least one more byte
     * @param at the index in {@code out} of the first byte
     * @param count the number of bytes; {@code position + count} is at most {@link #size}
     * @throws SourceChangedException if the size of a file has changed
     * @throws dev.strata.io.StrataException if a file cannot be read
     */
    public void read(long position, Slab out, int at, int count) {
      int i = Arrays.binarySearch(offsets, first, offsets.length, position);
      if (i < 0) {
        i = -i - 2;
      }
      int done = 0;
      // No two entries start at the same offset, so an exact hit is the right one.
      for (; i < tree.count() && done < count; i++) {
        done += readEntry(i, position + done - offsets[i], out, at + done, count - done);
      }
      out.zero(at + done, count - done);
    }

    /** Produces as much of an entry as fits, starting at an offset in it. */
    private int readEntry(int entry, long from, Slab out, int at, int room) {
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
      // An empty file is opened too, after its header: it must be readable and still empty.
      boolean empty = size == 0 && inFile == 0 && done > 0 && FileMode.isRegular(tree.mode(entry));
      if (inContent || empty) {
        int n = (int) Math.min(size - inFile, room - done);
        readFile(entry, inFile, out, at + done, n, size);
        done += n;
      }
      int padding = (int) Math.min(total - from - done, room - done);
      if (padding > 0) {
        out.zero(at + done, padding);
        done += padding;
      }
      return done;
    }

    private int readHeader(int entry, int headerLength, int from, Slab out, int at, int room) {
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
      out.put(at, header, from, n);
      return n;
    }

    /** Modes rarely differ between files: one template of each type is kept. */
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

    private void readFile(int entry, long from, Slab out, int at, int count, long size) {
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
        throw new SourceChangedException(
            FileNames.quote(FileNames.decode(source, 0, length))
                + " changed its size while it was read: expected "
                + size
                + " bytes, found "
                + (n < count ? from + n : "more")
                + "; try again when nothing writes to it");
      }
    }
  }
}
