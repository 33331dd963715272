package dev.strata.io;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Files by way of libc: openat, getdents64, statx, readlinkat and pread on raw bytes, with buffers
 * that live as long as the worker and no object for a file.
 */
final class NativeFiles extends SourceFiles {
  private static final int PATH_LIMIT = 1 << 16;
  private static final int DIRENT_BUFFER = 64 << 10;
  private static final int LINK_LIMIT = 1 << 13;
  private static final int READ_CHUNK = 128 << 10;

  private static final int STATX_TYPE_MODE_SIZE = 0x1 | 0x2 | 0x200;
  private static final int STATX_BYTES = 256;
  private static final int STATX_MODE_AT = 28;
  private static final int STATX_SIZE_AT = 40;

  private static final int DIRENT_LENGTH_AT = 16;
  private static final int DIRENT_TYPE_AT = 18;
  private static final int DIRENT_NAME_AT = 19;
  private static final byte DT_LINK = 10;

  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment state = Libc.allocateState(arena);
  private final MemorySegment pathBuffer = arena.allocate(PATH_LIMIT);
  private final MemorySegment stat = arena.allocate(STATX_BYTES, 8);
  private final MemorySegment dirents = arena.allocate(DIRENT_BUFFER, 8);
  private final MemorySegment link = arena.allocate(LINK_LIMIT);
  private final MemorySegment chunk = arena.allocate(READ_CHUNK, 4096);
  private final byte[] name = new byte[DIRENT_BUFFER];
  private final byte[] linkTarget = new byte[LINK_LIMIT];

  static boolean available() {
    return Libc.available();
  }

  @Override
  public void stat(byte[] path, int length, Listing out) {
    out.clear();
    setPath(path, length);
    int entry = out.add(path, 0, 0);
    int error = facts(Libc.AT_FDCWD, pathBuffer, out, entry);
    if (error != 0) {
      throw failure("cannot look at", path, length, Errno.reason(error));
    }
  }

  @Override
  public void list(byte[] path, int length, Listing out) {
    out.clear();
    setPath(path, length);
    int directory = open(pathBuffer, Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC);
    if (directory < 0) {
      throw failure("cannot list", path, length, Errno.reason(Libc.errno(state)));
    }
    try {
      list(directory, path, length, out);
    } finally {
      Libc.close(state, directory);
    }
    out.sort();
  }

  private void list(int directory, byte[] path, int length, Listing out) {
    while (true) {
      long filled = Libc.getdents(state, directory, dirents, DIRENT_BUFFER);
      if (filled == 0) {
        return;
      }
      if (filled < 0) {
        throw failure("cannot list", path, length, Errno.reason(Libc.errno(state)));
      }
      for (long at = 0; at < filled; at += dirents.get(SHORT, at + DIRENT_LENGTH_AT) & 0xFFFF) {
        int nameLength = copyName(at + DIRENT_NAME_AT);
        if (name[0] == '.' && (nameLength == 1 || nameLength == 2 && name[1] == '.')) {
          continue;
        }
        int entry = out.add(name, 0, nameLength);
        MemorySegment file = dirents.asSlice(at + DIRENT_NAME_AT);
        int error =
            dirents.get(BYTE, at + DIRENT_TYPE_AT) == DT_LINK
                ? readLink(directory, file, out, entry, FileMode.SYMLINK | 0777)
                : facts(directory, file, out, entry);
        if (error != 0) {
          String full =
              FileNames.decode(path, 0, length) + "/" + FileNames.decode(name, 0, nameLength);
          throw new StrataException(
              "cannot look at " + FileNames.quote(full) + ": " + Errno.reason(error));
        }
      }
    }
  }

  private int copyName(long at) {
    int n = 0;
    byte b = dirents.get(BYTE, at);
    while (b != 0) {
      name[n++] = b;
      b = dirents.get(BYTE, at + n);
    }
    return n;
  }

  private int facts(int directory, MemorySegment file, Listing out, int entry) {
    int flags = Libc.AT_SYMLINK_NOFOLLOW;
    if (Libc.statx(state, directory, file, flags, STATX_TYPE_MODE_SIZE, stat) < 0) {
      return Libc.errno(state);
    }
    int mode = stat.get(SHORT, STATX_MODE_AT) & 0xFFFF;
    if (FileMode.isSymlink(mode)) {
      return readLink(directory, file, out, entry, mode);
    }
    out.facts(entry, mode, stat.get(LONG, STATX_SIZE_AT));
    return 0;
  }

  private int readLink(int directory, MemorySegment file, Listing out, int entry, int mode) {
    int length = (int) Libc.readlinkat(state, directory, file, link, LINK_LIMIT);
    if (length < 0) {
      return Libc.errno(state);
    }
    MemorySegment.copy(link, BYTE, 0, linkTarget, 0, length);
    out.link(entry, mode, linkTarget, 0, length);
    return 0;
  }

  @Override
  public int read(
      byte[] path, int length, long position, byte[] target, int offset, int count, int enough) {
    setPath(path, length);
    int file = open(pathBuffer, Libc.O_NOFOLLOW | Libc.O_CLOEXEC);
    if (file < 0) {
      throw failure("cannot read", path, length, Errno.reason(Libc.errno(state)));
    }
    try {
      int done = 0;
      while (done < count) {
        int wanted = Math.min(count - done, READ_CHUNK);
        long n = Libc.pread(state, file, chunk, wanted, position + done);
        if (n < 0) {
          int error = Libc.errno(state);
          if (error == Errno.EINTR) {
            continue;
          }
          throw failure("cannot read", path, length, Errno.reason(error));
        }
        if (n == 0) {
          break;
        }
        MemorySegment.copy(chunk, BYTE, 0, target, offset + done, (int) n);
        done += (int) n;
        // A short read that gave all that should be there is the end: no need to ask again.
        if (n < wanted && done >= enough) {
          break;
        }
      }
      return done;
    } finally {
      Libc.close(state, file);
    }
  }

  private int open(MemorySegment path, int flags) {
    int file = Libc.openat(state, Libc.AT_FDCWD, path, flags);
    while (file < 0 && Libc.errno(state) == Errno.EINTR) {
      file = Libc.openat(state, Libc.AT_FDCWD, path, flags);
    }
    return file;
  }

  private void setPath(byte[] path, int length) {
    if (length >= PATH_LIMIT || Bytes.indexOf(path, 0, length, new byte[1]) >= 0) {
      String reason = length >= PATH_LIMIT ? "the path is too long" : "the path holds a NUL byte";
      throw failure("cannot open", path, length, reason);
    }
    MemorySegment.copy(path, 0, pathBuffer, BYTE, 0, length);
    pathBuffer.set(BYTE, length, (byte) 0);
  }

  @Override
  public void close() {
    arena.close();
  }
}
