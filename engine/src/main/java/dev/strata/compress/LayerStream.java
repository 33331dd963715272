package dev.strata.compress;

import dev.strata.blob.Descriptor;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/** Compresses what is written to it. Not thread-safe. */
interface LayerStream extends WritableByteChannel {
  /** Returns how many bytes have been passed to the workers; safe to call from any thread. */
  long submitted();

  /** Completes the stream and returns the descriptor of the compressed bytes. */
  Descriptor finish(String mediaType) throws IOException;

  /** Ends all work, also if the stream breaks off. */
  @Override
  void close();
}
