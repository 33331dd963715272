package dev.strata.internal.foreign;

import dev.strata.io.HostPlatform;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Optional;

/**
 * Calls native functions, all of them through one method handle with five integer arguments: on
 * x86-64 and AArch64 integers and addresses are passed in registers one by one, so a function may
 * receive more than it expects, and one handle costs a fifth of the start-up time of five.
 * Stateless and thread-safe.
 */
public final class NativeCalls {
  /** The architectures on which a function may receive more arguments than it expects. */
  private static final boolean FITS =
      "amd64".equals(System.getProperty("os.arch"))
          || "aarch64".equals(System.getProperty("os.arch"));

  private NativeCalls() {}

  /** What is only needed where native functions may be called. */
  private static final class Linked {
    static final Linker LINKER = Linker.nativeLinker();
    static final SymbolLookup LIBC = LINKER.defaultLookup();
    static final MemoryLayout STATE = Linker.Option.captureStateLayout();
    static final VarHandle ERRNO = STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    // Restricted, since a wrong signature could crash the JVM. All tests exercise this one.
    @SuppressWarnings("restricted")
    static final MethodHandle CALL =
        LINKER.downcallHandle(
            FunctionDescriptor.of(
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG),
            Linker.Option.captureCallState("errno"));
  }

  /**
   * Returns whether native functions may be called: on Linux, on an architecture that the calls
   * fit, and in a JVM that permits it without a warning.
   */
  public static boolean areEnabled() {
    return FITS && HostPlatform.isLinux() && NativeCalls.class.getModule().isNativeAccessEnabled();
  }

  /** Returns the address of a function of libc; {@link MemorySegment#NULL} if it lacks it. */
  public static MemorySegment libc(String name) {
    return find(Linked.LIBC, name);
  }

  /** Returns the address of a function of a library; {@link MemorySegment#NULL} if it lacks it. */
  static MemorySegment find(SymbolLookup library, String name) {
    Optional<MemorySegment> found = library.find(name);
    return found.orElse(MemorySegment.NULL);
  }

  /** Allocates what a call needs to return its error number. */
  public static MemorySegment allocateState(Arena arena) {
    return arena.allocate(Linked.STATE);
  }

  /** Returns the error number of the last call. */
  public static int errno(MemorySegment state) {
    return (int) Linked.ERRNO.get(state, 0L);
  }

  /**
   * Calls a function.
   *
   * @param function its address
   * @param state receives the error number; no other thread may use it
   * @return what the function returns, in a register: its upper half is undefined for an int
   */
  public static long call(
      MemorySegment function, MemorySegment state, long a, long b, long c, long d, long e) {
    try {
      return (long) Linked.CALL.invokeExact(function, state, a, b, c, d, e);
    } catch (RuntimeException | Error failure) {
      throw failure;
    } catch (Throwable failure) {
      throw new IllegalStateException("a native call throws no checked exception", failure);
    }
  }
}
