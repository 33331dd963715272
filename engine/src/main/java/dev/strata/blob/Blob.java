package dev.strata.blob;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/**
 * Bytes that know their descriptor and can be streamed again: everything that makes up an image,
 * and all a destination accepts. Implementations are thread-safe; each call of {@link #writeTo} is
 * independent of the others.
 *
 * @since 0.1.0
 */
public interface Blob {
  /**
   * Returns the blob's descriptor.
   *
   * @return media type, digest and size
   */
  Descriptor descriptor();

  /**
   * Streams the bytes and checks them against the digest on the way.
   *
   * @param target receives all bytes; remains open
   * @throws IOException if the target fails; the very exception it threw
   * @throws dev.strata.io.StrataException if the bytes cannot be read or do not match the
   *     descriptor; the target may have received some of them by then
   * @throws java.util.concurrent.CancellationException if the calling thread is interrupted
   */
  void writeTo(WritableByteChannel target) throws IOException;
}
