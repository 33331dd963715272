package dev.strata.internal.pipeline;

import java.io.IOException;

/** Takes the pieces of a stream in order. */
@FunctionalInterface
public interface SlabSink {
  /** Takes nothing. */
  SlabSink NONE = (_, _) -> {};

  /** Takes the first {@code length} bytes of a slab, which is reused after the call. */
  void take(byte[] slab, int length) throws IOException;
}
