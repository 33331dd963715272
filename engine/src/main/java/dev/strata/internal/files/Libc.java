package dev.strata.internal.files;

import dev.strata.internal.foreign.NativeCalls;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** The functions of libc that are needed to read files. Stateless and thread-safe. */
final class Libc {
  static final int AT_FDCWD = -100;
  static final int AT_SYMLINK_NOFOLLOW = 0x100;

  private static final boolean X86 = "amd64".equals(System.getProperty("os.arch"));
  static final int O_NONBLOCK = 04000;
  static final int O_CLOEXEC = 02000000;
  static final int O_DIRECTORY = X86 ? 0200000 : 040000;
  static final int O_NOFOLLOW = X86 ? 0400000 : 0100000;

  private static final MemorySegment OPENAT = NativeCalls.libc("openat");
  private static final MemorySegment CLOSE = NativeCalls.libc("close");
  private static final MemorySegment PREAD = NativeCalls.libc("pread");
  private static final MemorySegment STATX = NativeCalls.libc("statx");
  private static final MemorySegment READLINKAT = NativeCalls.libc("readlinkat");
  private static final MemorySegment GETDENTS = NativeCalls.libc("getdents64");
  private static final MemorySegment GETRUSAGE = NativeCalls.libc("getrusage");

  private Libc() {}

  /** Returns whether this machine provides all of them. */
  static boolean available() {
    return !List.of(OPENAT, CLOSE, PREAD, STATX, READLINKAT, GETDENTS, GETRUSAGE)
        .contains(MemorySegment.NULL);
  }

  static int openat(MemorySegment state, int directory, long path, int flags) {
    return (int) NativeCalls.call(OPENAT, state, directory, path, flags, 0, 0);
  }

  static void close(MemorySegment state, int file) {
    NativeCalls.call(CLOSE, state, file, 0, 0, 0, 0);
  }

  static long pread(MemorySegment state, int file, long target, long count, long at) {
    return NativeCalls.call(PREAD, state, file, target, count, at, 0);
  }

  static int statx(MemorySegment state, int directory, long path, int flags, int mask, long out) {
    return (int) NativeCalls.call(STATX, state, directory, path, flags, mask, out);
  }

  static long readlinkat(MemorySegment state, int directory, long path, long out, long size) {
    return NativeCalls.call(READLINKAT, state, directory, path, out, size, 0);
  }

  static int getrusage(MemorySegment state, int who, long out) {
    return (int) NativeCalls.call(GETRUSAGE, state, who, out, 0, 0, 0);
  }

  static long getdents(MemorySegment state, int directory, long out, long size) {
    return NativeCalls.call(GETDENTS, state, directory, out, size, 0, 0);
  }
}
