package dev.strata.internal.pipeline;

import dev.strata.blob.Digest;
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
    public void take(byte[] slab, int length) {}
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
   * @param slab contains the piece at its start; reused after the call
   * @param length the size of the piece in bytes
   * @throws IOException if the piece cannot be passed on
   */
  void take(byte[] slab, int length) throws IOException;

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
