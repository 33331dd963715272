package dev.strata.bench.process;

import java.lang.foreign.AddressLayout;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * The libc functions that start processes, wait for them and evict cached files, with the
 * parameters and results of the C functions; for a negative result, {@link #errno} is the error
 * number. Not thread-safe.
 */
final class Posix {
  static final int SIGKILL = 9;
  static final int EINTR = 4;

  /** {@code struct rusage} of 64-bit Linux: two {@code timeval}s, then {@code long}s. */
  static final int RUSAGE_BYTES = 144;

  static final int RUSAGE_USER_AT = 0;
  static final int RUSAGE_SYSTEM_AT = 16;
  static final int RUSAGE_PEAK_KIB_AT = 32;

  /** Room for the attributes and file actions of glibc (336 and 80 bytes) and musl. */
  private static final int OPAQUE_BYTES = 1024;

  private static final short POSIX_SPAWN_SETPGROUP = 2;
  private static final int PR_SET_CHILD_SUBREAPER = 36;
  private static final int POSIX_FADV_DONTNEED = 4;
  private static final int O_RDONLY = 0;
  private static final int O_NEW_FILE = 01 | 0100 | 01000; // O_WRONLY | O_CREAT | O_TRUNC
  private static final int FILE_MODE = 0644;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final AddressLayout POINTER = ValueLayout.ADDRESS;
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private final MemorySegment state;
  private final MethodHandle attributesInit = bind("posix_spawnattr_init", INT, POINTER);
  private final MethodHandle setGroup = bind("posix_spawnattr_setpgroup", INT, POINTER, INT);
  private final MethodHandle setFlags =
      bind("posix_spawnattr_setflags", INT, POINTER, ValueLayout.JAVA_SHORT);
  private final MethodHandle actionsInit = bind("posix_spawn_file_actions_init", INT, POINTER);
  private final MethodHandle addOpen =
      bind("posix_spawn_file_actions_addopen", INT, POINTER, INT, POINTER, INT, INT);
  private final MethodHandle actionsDestroy =
      bind("posix_spawn_file_actions_destroy", INT, POINTER);
  private final MethodHandle spawn =
      bind("posix_spawn", INT, POINTER, POINTER, POINTER, POINTER, POINTER, POINTER);
  private final MethodHandle wait4 = bind("wait4", INT, INT, POINTER, INT, POINTER);
  private final MethodHandle kill = bind("kill", INT, INT, INT);
  private final MethodHandle prctl = bind("prctl", INT, INT, LONG, LONG, LONG, LONG);
  private final MethodHandle open = bind("open", INT, POINTER, INT);
  private final MethodHandle close = bind("close", INT, INT);
  private final MethodHandle fadvise = bind("posix_fadvise", INT, INT, LONG, LONG, INT);

  /** Binds all functions; the error number is kept in memory of {@code arena}. */
  Posix(Arena arena) {
    this.state = arena.allocate(STATE);
  }

  // Restricted: a wrong signature could crash the JVM. Every test of this package uses these.
  @SuppressWarnings("restricted")
  private static MethodHandle bind(String name, MemoryLayout result, MemoryLayout... parameters) {
    MemorySegment symbol =
        LINKER
            .defaultLookup()
            .find(name)
            .orElseThrow(() ->
                new UnsupportedOperationException(
                    "libc has no function " + name + "; measuring processes requires Linux"));
    return LINKER.downcallHandle(
        symbol, FunctionDescriptor.of(result, parameters), Linker.Option.captureCallState("errno"));
  }

  private interface Call {
    int run() throws Throwable;
  }

  private static int call(Call call) {
    try {
      return call.run();
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a call into libc failed", e);
    }
  }

  /** Returns the error number of the last call. */
  int errno() {
    return (int) ERRNO.get(state, 0L);
  }

  /** Makes orphaned descendants children of this process, so that it can wait for them. */
  void becomeSubreaper() {
    int result = call(() -> (int) prctl.invokeExact(state, PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L));
    if (result != 0) {
      throw new IllegalStateException("prctl(PR_SET_CHILD_SUBREAPER) failed: errno " + errno());
    }
  }

  /**
   * Starts a program in a new process group, with empty input.
   *
   * @return its process id, which is the id of the group too
   */
  int spawn(String[] command, String[] environment, String stdout, String stderr) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attributes = arena.allocate(OPAQUE_BYTES, 16);
      MemorySegment actions = arena.allocate(OPAQUE_BYTES, 16);
      MemorySegment program = arena.allocateFrom(command[0]);
      MemorySegment arguments = strings(arena, command);
      MemorySegment variables = strings(arena, environment);
      MemorySegment pid = arena.allocate(INT);
      check(call(() -> (int) attributesInit.invokeExact(state, attributes)));
      check(call(() -> (int) setGroup.invokeExact(state, attributes, 0)));
      check(call(() -> (int) setFlags.invokeExact(state, attributes, POSIX_SPAWN_SETPGROUP)));
      check(call(() -> (int) actionsInit.invokeExact(state, actions)));
      addOpen(arena, actions, 0, "/dev/null", O_RDONLY);
      addOpen(arena, actions, 1, stdout, O_NEW_FILE);
      addOpen(arena, actions, 2, stderr, O_NEW_FILE);
      int error =
          call(() ->
              (int)
                  spawn.invokeExact(
                      state, pid, program, actions, attributes, arguments, variables));
      check(call(() -> (int) actionsDestroy.invokeExact(state, actions)));
      if (error != 0) {
        throw new IllegalStateException("cannot start " + command[0] + ": errno " + error);
      }
      return pid.get(INT, 0);
    }
  }

  private void addOpen(Arena arena, MemorySegment actions, int descriptor, String file, int flags) {
    MemorySegment name = arena.allocateFrom(file);
    check(
        call(() -> (int) addOpen.invokeExact(state, actions, descriptor, name, flags, FILE_MODE)));
  }

  private static MemorySegment strings(Arena arena, String[] values) {
    MemorySegment array = arena.allocate(POINTER, values.length + 1L);
    for (int i = 0; i < values.length; i++) {
      array.setAtIndex(POINTER, i, arena.allocateFrom(values[i]));
    }
    array.setAtIndex(POINTER, values.length, MemorySegment.NULL);
    return array;
  }

  private static void check(int error) {
    if (error != 0) {
      throw new IllegalStateException("preparing posix_spawn failed: errno " + error);
    }
  }

  /** Waits for a child, or, given a negative id, for any child in that process group. */
  int wait4(int pid, MemorySegment status, MemorySegment usage) {
    return call(() -> (int) wait4.invokeExact(state, pid, status, 0, usage));
  }

  /** Sends a signal to a process, or, given a negative id, to a process group. */
  int kill(int pid, int signal) {
    return call(() -> (int) kill.invokeExact(state, pid, signal));
  }

  /** Evicts a file from the page cache; false if it cannot be opened. */
  boolean dropPages(Arena arena, byte[] file) {
    MemorySegment name = arena.allocate(file.length + 1L);
    MemorySegment.copy(file, 0, name, ValueLayout.JAVA_BYTE, 0, file.length);
    int descriptor = call(() -> (int) open.invokeExact(state, name, O_RDONLY));
    if (descriptor < 0) {
      return false;
    }
    int error =
        call(() -> (int) fadvise.invokeExact(state, descriptor, 0L, 0L, POSIX_FADV_DONTNEED));
    int closed = call(() -> (int) close.invokeExact(state, descriptor));
    return error == 0 && closed == 0;
  }
}
