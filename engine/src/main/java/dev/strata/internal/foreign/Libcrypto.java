package dev.strata.internal.foreign;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.HexFormat;

/**
 * The functions of OpenSSL's libcrypto that compute SHA-256. The library is loaded when this class
 * is first used; {@link NativeCalls#areEnabled} must hold.
 *
 * <p>These are the functions below {@code EVP_Digest}, which use neither a context on the C heap
 * nor the library's own initialization: that reads configuration files, may load further libraries,
 * and registers an exit handler that would free what other threads still use when the JVM ends.
 * Thread-safe.
 */
final class Libcrypto {
  /** A {@code SHA256_CTX} has 112 bytes in all versions. */
  static final int CONTEXT_BYTES = 128;

  static final int HASH_BYTES = 32;

  /** With these ABIs, the functions and the context are as they are used here. */
  private static final String[] NAMES = {"libcrypto.so.3", "libcrypto.so.1.1"};

  /** More than one block, and not a multiple. */
  private static final int TEST_BYTES = 1000;

  /** The hash of 1,000 zeros. */
  private static final String TEST_HASH =
      "541b3e9daa09b20bf85fa273e5cbd3e80185aa4ec298e765db87742b70138a53";

  private static final SymbolLookup LIBRARY = load();
  private static final MemorySegment INIT = NativeCalls.find(LIBRARY, "SHA256_Init");
  private static final MemorySegment UPDATE = NativeCalls.find(LIBRARY, "SHA256_Update");
  private static final MemorySegment FINAL = NativeCalls.find(LIBRARY, "SHA256_Final");
  private static final boolean WORKS = test();

  private Libcrypto() {}

  /** Returns whether this machine has the library, and it computes the right hash. */
  static boolean works() {
    return WORKS;
  }

  // Restricted, since a library may do anything when it is loaded. This one does nothing.
  @SuppressWarnings("restricted")
  private static SymbolLookup load() {
    for (String name : NAMES) {
      try {
        return SymbolLookup.libraryLookup(name, Arena.global());
      } catch (IllegalArgumentException _) {
        // Another version may be there.
      }
    }
    return _ -> java.util.Optional.empty();
  }

  private static boolean test() {
    if (INIT.address() == 0 || UPDATE.address() == 0 || FINAL.address() == 0) {
      return false;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = NativeCalls.allocateState(arena);
      MemorySegment context = arena.allocate(CONTEXT_BYTES, 64);
      MemorySegment bytes = arena.allocate(TEST_BYTES);
      init(state, context.address());
      update(state, context.address(), bytes.address(), TEST_BYTES);
      finish(state, context.address(), bytes.address());
      byte[] hash = bytes.asSlice(0, HASH_BYTES).toArray(ValueLayout.JAVA_BYTE);
      return HexFormat.of().formatHex(hash).equals(TEST_HASH);
    }
  }

  static void init(MemorySegment state, long context) {
    NativeCalls.call(INIT, state, context, 0, 0, 0, 0);
  }

  static void update(MemorySegment state, long context, long bytes, long count) {
    NativeCalls.call(UPDATE, state, context, bytes, count, 0, 0);
  }

  static void finish(MemorySegment state, long context, long hash) {
    NativeCalls.call(FINAL, state, hash, context, 0, 0, 0);
  }
}
