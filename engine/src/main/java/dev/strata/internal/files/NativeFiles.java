package dev.strata.internal.files;

import dev.strata.internal.foreign.NativeCalls;
import dev.strata.internal.foreign.Slab;
import dev.strata.io.Bytes;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads files through libc: openat, getdents64, statx, readlinkat and pread on raw bytes, with
 * buffers that live as long as the worker and no object per file.
 *
 * <p>Native memory is copied to and from arrays in large pieces, never field by field: such
 * accesses are fast once compiled, but compiling each takes milliseconds, which matter in a run of
 * a second.
 */
final class NativeFiles extends SourceFiles {
  private static final int PATH_LIMIT = 1 << 13;
  private static final int DIRENT_BUFFER = 8 << 10;
  private static final int LINK_LIMIT = 1 << 13;

  /** As many entries as a buffer can contain, if all are of the shortest length. */
  private static final int STAT_SLOTS = DIRENT_BUFFER / 24 + 1;

  private static final int STATX_TYPE_MODE_SIZE = 0x1 | 0x2 | 0x200;
  private static final int STATX_CTIME_INO = 0x80 | 0x100;
  private static final int FACTS_WITH_TIMES = STATX_TYPE_MODE_SIZE | STATX_CTIME_INO;
  private static final int STATX_BYTES = 256;
  private static final int STATX_MODE_AT = 28;
  private static final int STATX_INODE_AT = 32;
  private static final int STATX_SIZE_AT = 40;
  private static final int STATX_CTIME_SECONDS_AT = 96;
  private static final int STATX_CTIME_NANOS_AT = 104;
  private static final int STATX_USED = 108;
  private static final long NANOS = 1_000_000_000;

  private static final int RUSAGE_THREAD = 1;

  /** More than the structure needs: musl reserves room for what may be added. */
  private static final int USAGE_BYTES = 512;

  private static final int USAGE_BLOCKS_READ_AT = 88;
  private static final int USAGE_VOLUNTARY_SWITCHES_AT = 128;

  /** One read in so many is looked at: each look is a system call before it and one after it. */
  private static final int READS_PER_SAMPLE = 8;

  private static final int DIRENT_LENGTH_AT = 16;
  private static final int DIRENT_TYPE_AT = 18;
  private static final int DIRENT_NAME_AT = 19;
  private static final byte DT_LINK = 10;

  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.nativeOrder());
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.nativeOrder());
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment state = NativeCalls.allocateState(arena);
  private final MemorySegment pathBuffer = arena.allocate(PATH_LIMIT);
  private final MemorySegment stats = arena.allocate((long) STAT_SLOTS * STATX_BYTES, 8);
  private final MemorySegment dirents = arena.allocate(DIRENT_BUFFER, 8);
  private final MemorySegment link = arena.allocate(LINK_LIMIT);
  private final MemorySegment usage = arena.allocate(USAGE_BYTES, 8);
  private final WaitGauge gauge = new WaitGauge();

  /** How often this thread has waited in the kernel; always 0 if the kernel cannot say. */
  private long waits;

  /** What this thread has read from storage, in blocks; always 0 if the kernel cannot say. */
  private long blocks;

  private int reads;
  private final byte[] entries = new byte[DIRENT_BUFFER];
  private byte[] facts = new byte[32 * STATX_BYTES];
  private final byte[] linkTarget = new byte[LINK_LIMIT];

  /** The directory of the file read last, and its descriptor once a second file was read there. */
  private byte[] folder = new byte[256];

  private int folderLength = -1;
  private int folderFile = -1;

  NativeFiles(StopCheck check) {
    super(check);
  }

  /**
   * Checks the platform and the module first, since looking up the functions already requires
   * native access.
   */
  static boolean available() {
    return NativeCalls.areEnabled() && Libc.available();
  }

  @Override
  public void stat(byte[] path, int length, Listing out) {
    out.clear();
    setPath(path, 0, length, path, length);
    int entry = out.add(path, 0, 0);
    long at = pathBuffer.address();
    int error = statx(Libc.AT_FDCWD, at, 0, mask(out));
    if (error == 0) {
      MemorySegment.copy(stats, BYTE, 0, facts, 0, STATX_USED);
      error = takeFacts(Libc.AT_FDCWD, at, 0, out, entry);
    }
    if (error != 0) {
      throw failure("cannot read the attributes of", path, length, error);
    }
  }

  @Override
  public void list(byte[] path, int length, Listing out) {
    readUsage();
    listAll(path, length, out);
    addAccess();
  }

  private void listAll(byte[] path, int length, Listing out) {
    out.clear();
    int directory = openDirectory(path, length);
    try {
      int filled = fillEntries(directory, path, length);
      while (filled > 0) {
        checkStopped();
        takeEntries(directory, filled, path, length, out);
        filled = fillEntries(directory, path, length);
      }
    } finally {
      Libc.close(state, directory);
    }
    out.sort();
  }

  @Override
  public boolean isAsRecorded(byte[] path, int length, byte[] records, int from, int to) {
    int directory = openDirectory(path, length);
    try {
      int next = from;
      int filled = fillEntries(directory, path, length);
      while (filled > 0) {
        checkStopped();
        int end = compareEntries(directory, filled, records, next, to);
        if (end < 0 || !compareFacts(records, next, end)) {
          return false;
        }
        next = end;
        filled = fillEntries(directory, path, length);
      }
      return next == to;
    } finally {
      Libc.close(state, directory);
    }
  }

  private int openDirectory(byte[] path, int length) {
    setPath(path, 0, length, path, length);
    int directory =
        open(Libc.AT_FDCWD, pathBuffer, Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC);
    if (directory < 0) {
      throw failure("cannot list", path, length, NativeCalls.errno(state));
    }
    return directory;
  }

  /**
   * Compares the names of entries and the targets of symbolic links with their records, and reads
   * the attributes of the others.
   *
   * @return where the records of these entries end; negative if they differ
   */
  private int compareEntries(int directory, int filled, byte[] records, int from, int to) {
    int slots = 0;
    int next = from;
    for (int at = 0; at < filled; at += recordLength(at)) {
      if (!isWanted(at)) {
        continue;
      }
      int name = at + DIRENT_NAME_AT;
      if (next == to || !isName(name, records, next)) {
        return -1;
      }
      int target = targetLength(records, next);
      next += ListingRecord.NAME_AT + (int) INTS.get(records, next);
      if (target >= 0) {
        if (!isTarget(directory, name, records, next, target)) {
          return -1;
        }
        next += target;
      } else if (statx(directory, dirents.address() + name, slots++, FACTS_WITH_TIMES) != 0) {
        return -1;
      }
    }
    takeStats(slots);
    return next;
  }

  /** Returns the length of the target of a recorded link; negative for any other file. */
  private static int targetLength(byte[] records, int at) {
    int mode = (short) SHORTS.get(records, at + ListingRecord.MODE_AT) & 0xFFFF;
    return FileMode.isSymlink(mode)
        ? (int) (long) LONGS.get(records, at + ListingRecord.SIZE_AT)
        : -1;
  }

  /** Returns whether the name of an entry, which ends with a zero byte, is that of a record. */
  private boolean isName(int name, byte[] records, int at) {
    int length = (int) INTS.get(records, at);
    return name + length < entries.length
        && entries[name + length] == 0
        && Bytes.equal(entries, name, records, at + ListingRecord.NAME_AT, length);
  }

  private boolean isTarget(int directory, int name, byte[] records, int at, int length) {
    long address = dirents.address() + name;
    if (Libc.readlinkat(state, directory, address, link.address(), LINK_LIMIT) != length) {
      return false;
    }
    MemorySegment.copy(link, BYTE, 0, linkTarget, 0, length);
    return Bytes.equal(linkTarget, 0, records, at, length);
  }

  /** Compares the attributes that were read with those in records. */
  private boolean compareFacts(byte[] records, int from, int to) {
    int at = 0;
    int next = from;
    while (next < to) {
      int target = targetLength(records, next);
      if (target < 0) {
        if (!isSame(facts, at, records, next)) {
          return false;
        }
        at += STATX_BYTES;
      }
      next += ListingRecord.NAME_AT + (int) INTS.get(records, next) + Math.max(target, 0);
    }
    return true;
  }

  private static boolean isSame(byte[] facts, int at, byte[] records, int record) {
    int mode = at + STATX_MODE_AT;
    int changed = at + STATX_CTIME_SECONDS_AT;
    return Bytes.equal(
            facts, mode, records, record + ListingRecord.MODE_AT, ListingRecord.MODE_TO_SIZE)
        && Bytes.equal(
            facts, changed, records, record + ListingRecord.CHANGED_AT, ListingRecord.CHANGED);
  }

  /** Copies attributes to the heap. */
  private void takeStats(int slots) {
    if (facts.length < slots * STATX_BYTES) {
      facts = new byte[Math.min(2 * slots, STAT_SLOTS) * STATX_BYTES];
    }
    MemorySegment.copy(stats, BYTE, 0, facts, 0, slots * STATX_BYTES);
  }

  private void readUsage() {
    if (Libc.getrusage(state, RUSAGE_THREAD, usage.address()) >= 0) {
      waits = usage.get(ValueLayout.JAVA_LONG, USAGE_VOLUNTARY_SWITCHES_AT);
      blocks = usage.get(ValueLayout.JAVA_LONG, USAGE_BLOCKS_READ_AT);
    }
  }

  /**
   * Adds the access since the last call of {@link #readUsage}. A thread also waits for other things
   * than storage, such as locks of the kernel, and storage may have read ahead.
   */
  private void addAccess() {
    long waitsBefore = waits;
    long blocksBefore = blocks;
    readUsage();
    gauge.add(waits != waitsBefore && blocks != blocksBefore);
  }

  @Override
  public boolean waitsForStorage() {
    return gauge.isHigh();
  }

  private static StrataException failure(String what, byte[] path, int length, int error) {
    return failure(what, name(path, length), error);
  }

  private static String name(byte[] path, int length) {
    return FileNames.decode(path, 0, length);
  }

  private int fillEntries(int directory, byte[] path, int length) {
    int filled = (int) Libc.getdents(state, directory, dirents.address(), DIRENT_BUFFER);
    if (filled < 0) {
      throw failure("cannot list", path, length, NativeCalls.errno(state));
    }
    MemorySegment.copy(dirents, BYTE, 0, entries, 0, filled);
    return filled;
  }

  private void takeEntries(int directory, int filled, byte[] path, int length, Listing out) {
    int slots = 0;
    for (int at = 0; at < filled; at += recordLength(at)) {
      int error =
          isWanted(at) && entries[at + DIRENT_TYPE_AT] != DT_LINK
              ? statx(directory, dirents.address() + at + DIRENT_NAME_AT, slots++, mask(out))
              : 0;
      if (error != 0) {
        throw entryFailure(path, length, at, error);
      }
    }
    takeStats(slots);
    int slot = 0;
    for (int at = 0; at < filled; at += recordLength(at)) {
      if (!isWanted(at)) {
        continue;
      }
      int entry = out.add(entries, at + DIRENT_NAME_AT, nameLength(at));
      long name = dirents.address() + at + DIRENT_NAME_AT;
      int error =
          entries[at + DIRENT_TYPE_AT] == DT_LINK
              ? readLink(directory, name, FileMode.SYMLINK | 0777, out, entry)
              : takeFacts(directory, name, slot++, out, entry);
      if (error != 0) {
        throw entryFailure(path, length, at, error);
      }
    }
  }

  private int recordLength(int at) {
    return (short) SHORTS.get(entries, at + DIRENT_LENGTH_AT) & 0xFFFF;
  }

  /** Whether an entry is neither {@code .} nor {@code ..}. */
  private boolean isWanted(int at) {
    int name = at + DIRENT_NAME_AT;
    return entries[name] != '.'
        || entries[name + 1] != 0 && (entries[name + 1] != '.' || entries[name + 2] != 0);
  }

  private int nameLength(int at) {
    int end = at + DIRENT_NAME_AT;
    while (entries[end] != 0) {
      end++;
    }
    return end - at - DIRENT_NAME_AT;
  }

  private StrataException entryFailure(byte[] path, int length, int at, int error) {
    String full =
        FileNames.decode(path, 0, length)
            + "/"
            + FileNames.decode(entries, at + DIRENT_NAME_AT, nameLength(at));
    return failure("cannot read the attributes of", full, error);
  }

  private static int mask(Listing out) {
    return out.hasTimes() ? FACTS_WITH_TIMES : STATX_TYPE_MODE_SIZE;
  }

  private int statx(int directory, long name, int slot, int mask) {
    long out = stats.address() + (long) slot * STATX_BYTES;
    int flags = Libc.AT_SYMLINK_NOFOLLOW;
    return Libc.statx(state, directory, name, flags, mask, out) < 0 ? NativeCalls.errno(state) : 0;
  }

  private int takeFacts(int directory, long name, int slot, Listing out, int entry) {
    int at = slot * STATX_BYTES;
    int mode = (short) SHORTS.get(facts, at + STATX_MODE_AT) & 0xFFFF;
    if (FileMode.isSymlink(mode)) {
      return readLink(directory, name, mode, out, entry);
    }
    out.facts(entry, mode, (long) LONGS.get(facts, at + STATX_SIZE_AT));
    if (out.hasTimes()) {
      long seconds = (long) LONGS.get(facts, at + STATX_CTIME_SECONDS_AT);
      int nanos = (int) INTS.get(facts, at + STATX_CTIME_NANOS_AT);
      out.times(entry, seconds * NANOS + nanos, (long) LONGS.get(facts, at + STATX_INODE_AT));
    }
    return 0;
  }

  private int readLink(int directory, long name, int mode, Listing out, int entry) {
    int length = (int) Libc.readlinkat(state, directory, name, link.address(), LINK_LIMIT);
    if (length < 0) {
      return NativeCalls.errno(state);
    }
    MemorySegment.copy(link, BYTE, 0, linkTarget, 0, length);
    out.link(entry, mode, linkTarget, 0, length);
    return 0;
  }

  @Override
  public int read(
      byte[] path,
      int length,
      int nameStart,
      long position,
      Slab target,
      int offset,
      int count,
      int enough) {
    if (++reads % READS_PER_SAMPLE != 0) {
      return readPart(path, length, nameStart, position, target, offset, count, enough);
    }
    readUsage();
    int done = readPart(path, length, nameStart, position, target, offset, count, enough);
    addAccess();
    return done;
  }

  private int readPart(
      byte[] path,
      int length,
      int nameStart,
      long position,
      Slab target,
      int offset,
      int count,
      int enough) {
    int file = openForReading(path, length, nameStart);
    if (file < 0) {
      throw failure("cannot read", path, length, NativeCalls.errno(state));
    }
    int done = 0;
    int error = 0;
    while (done < count && error == 0) {
      int wanted = count - done;
      long at = target.address(offset + done, wanted);
      int n = (int) Libc.pread(state, file, at, wanted, position + done);
      if (n < 0) {
        error = NativeCalls.errno(state);
        error = error == Errno.EINTR ? 0 : error;
        continue;
      }
      done += n;
      // A short read that returns all that is expected is the end: no need to read again.
      if (n == 0 || n < wanted && done >= enough) {
        break;
      }
    }
    Libc.close(state, file);
    if (error != 0) {
      throw failure("cannot read", path, length, error);
    }
    return done;
  }

  private int openForReading(byte[] path, int length, int nameStart) {
    // Without O_NONBLOCK, opening a FIFO that replaced a file would wait for a writer.
    int flags = Libc.O_NOFOLLOW | Libc.O_NONBLOCK | Libc.O_CLOEXEC;
    boolean sameFolder =
        nameStart > 0 && nameStart == folderLength && Bytes.equal(path, 0, folder, 0, nameStart);
    if (!sameFolder) {
      leaveFolder();
      if (folder.length < nameStart) {
        folder = new byte[nameStart * 2];
      }
      System.arraycopy(path, 0, folder, 0, nameStart);
      folderLength = nameStart;
      setPath(path, 0, length, path, length);
      return open(Libc.AT_FDCWD, pathBuffer, flags);
    }
    if (folderFile < 0) {
      setPath(path, 0, nameStart, path, length);
      folderFile = open(Libc.AT_FDCWD, pathBuffer, Libc.O_DIRECTORY | Libc.O_CLOEXEC);
      if (folderFile < 0) {
        return folderFile;
      }
    }
    setPath(path, nameStart, length, path, length);
    return open(folderFile, pathBuffer, flags);
  }

  private void leaveFolder() {
    if (folderFile >= 0) {
      Libc.close(state, folderFile);
    }
    folderFile = -1;
    folderLength = -1;
  }

  private int open(int directory, MemorySegment path, int flags) {
    int file = Libc.openat(state, directory, path.address(), flags);
    while (file < 0 && NativeCalls.errno(state) == Errno.EINTR) {
      file = Libc.openat(state, directory, path.address(), flags);
    }
    return file;
  }

  /** Copies a part of a path to native memory; the whole path is for the error. */
  private void setPath(byte[] path, int from, int to, byte[] whole, int wholeLength) {
    int length = to - from;
    if (length >= PATH_LIMIT) {
      throw failure("cannot open", name(whole, wholeLength), "the path is too long", Errno.NONE);
    }
    for (int i = from; i < to; i++) {
      if (path[i] == 0) {
        throw failure(
            "cannot open", name(whole, wholeLength), "the path contains a NUL byte", Errno.NONE);
      }
    }
    MemorySegment.copy(path, from, pathBuffer, BYTE, 0, length);
    pathBuffer.set(BYTE, length, (byte) 0);
  }

  @Override
  public void close() {
    super.close();
    leaveFolder();
    arena.close();
  }
}
