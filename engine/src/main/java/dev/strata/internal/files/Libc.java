package dev.strata.internal.files;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Optional;

/**
 * The functions of libc that are needed to read files.
 *
 * <p>All are called through one method handle with five integer arguments: on x86-64 and AArch64
 * integers are passed in registers one by one, so a function may receive more than it expects, and
 * one handle costs a fifth of the start-up time of five.
 */
final class Libc {
  static final int AT_FDCWD = -100;
  static final int AT_SYMLINK_NOFOLLOW = 0x100;

  private static final boolean X86 = "amd64".equals(System.getProperty("os.arch"));
  private static final boolean ARM = "aarch64".equals(System.getProperty("os.arch"));
  static final int O_NONBLOCK = 04000;
  static final int O_CLOEXEC = 02000000;
  static final int O_DIRECTORY = X86 ? 0200000 : 040000;
  static final int O_NOFOLLOW = X86 ? 0400000 : 0100000;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup LOOKUP = LINKER.defaultLookup();
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  // Restricted, since a wrong signature could crash the JVM. All tests exercise this one.
  @SuppressWarnings("restricted")
  private static final MethodHandle CALL =
      LINKER.downcallHandle(
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG),
          Linker.Option.captureCallState("errno"));

  private static final MemorySegment OPENAT = symbol("openat");
  private static final MemorySegment CLOSE = symbol("close");
  private static final MemorySegment PREAD = symbol("pread");
  private static final MemorySegment STATX = symbol("statx");
  private static final MemorySegment READLINKAT = symbol("readlinkat");
  private static final MemorySegment GETDENTS = symbol("getdents64");

  private Libc() {}

  /** Returns whether this Linux machine provides all of them. */
  static boolean available() {
    return (X86 || ARM)
        && !List.of(OPENAT, CLOSE, PREAD, STATX, READLINKAT, GETDENTS).contains(MemorySegment.NULL);
  }

  private static MemorySegment symbol(String name) {
    Optional<MemorySegment> found = LOOKUP.find(name);
    return found.orElse(MemorySegment.NULL);
  }

  static MemorySegment allocateState(Arena arena) {
    return arena.allocate(STATE);
  }

  static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  static int openat(MemorySegment state, int directory, long path, int flags) {
    return (int) call(OPENAT, state, directory, path, flags, 0, 0);
  }

  static void close(MemorySegment state, int file) {
    call(CLOSE, state, file, 0, 0, 0, 0);
  }

  static long pread(MemorySegment state, int file, long target, long count, long at) {
    return call(PREAD, state, file, target, count, at, 0);
  }

  static int statx(MemorySegment state, int directory, long path, int flags, int mask, long out) {
    return (int) call(STATX, state, directory, path, flags, mask, out);
  }

  static long readlinkat(MemorySegment state, int directory, long path, long out, long size) {
    return call(READLINKAT, state, directory, path, out, size, 0);
  }

  static long getdents(MemorySegment state, int directory, long out, long size) {
    return call(GETDENTS, state, directory, out, size, 0, 0);
  }

  private static long call(
      MemorySegment function, MemorySegment state, long a, long b, long c, long d, long e) {
    try {
      return (long) CALL.invokeExact(function, state, a, b, c, d, e);
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable failure) {
      throw new IllegalStateException("a native call throws no checked exception", failure);
    }
  }
}
