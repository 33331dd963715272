package dev.strata.internal.foreign;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** SHA-256 by libcrypto, which reads a slab where it is. */
final class LibcryptoSha256 extends Sha256 {
  private static final int CACHE_LINE = 64;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment state = NativeCalls.allocateState(arena);
  private final MemorySegment context = arena.allocate(Libcrypto.CONTEXT_BYTES, CACHE_LINE);
  private final MemorySegment result = arena.allocate(Libcrypto.HASH_BYTES);

  LibcryptoSha256() {
    Libcrypto.init(state, context.address());
  }

  @Override
  public void update(Slab slab, int length) {
    Libcrypto.update(state, context.address(), slab.address(0, length), length);
  }

  @Override
  public byte[] digest() {
    Libcrypto.finish(state, context.address(), result.address());
    Libcrypto.init(state, context.address());
    return result.toArray(ValueLayout.JAVA_BYTE);
  }

  @Override
  public void close() {
    arena.close();
  }
}
