package dev.strata.internal.pipeline;

import dev.strata.blob.Digest;
import dev.strata.internal.foreign.Slab;
import java.io.IOException;

/**
 * Receives the tar stream of one layer, in order and by one thread. Closed at the end, whether the
 * stream was complete or not.
 */
public interface LayerSink extends AutoCloseable {
  // No constant: the AOT cache has no lambdas of an interface that has to be initialized.

  /** Ignores all bytes. */
  final class Ignoring implements LayerSink {
    @Override
    public boolean take(Slab slab, int length) {
      return false;
    }
  }

  /**
   * Opens the sinks of layers.
   *
   * <p>Thread-safe.
   */
  @FunctionalInterface
  interface Factory {
    /**
     * Opens the sink of one layer.
     *
     * @param layer the position of the layer in the plan
     * @param tape the stream of the layer; its parts are laid out before their bytes arrive
     * @return the sink
     */
    LayerSink open(int layer, LayerTape tape);
  }

  /**
   * Receives a piece of the stream.
   *
   * @param slab contains the piece at its start
   * @param length the size of the piece in bytes
   * @return whether the sink keeps the slab: it has called {@link Slab#keep}, and will call {@link
   *     Slab#release}; otherwise the slab is reused after the call
   * @throws IOException if the piece cannot be passed on
   */
  boolean take(Slab slab, int length) throws IOException;

  /**
   * Called after the last piece.
   *
   * @param digest the digest of the whole stream
   * @throws IOException if the stream cannot be completed
   */
  default void finish(Digest digest) throws IOException {}

  @Override
  default void close() {}
}
