package dev.strata.blob;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;

/**
 * Bytes that know their descriptor and can be streamed again. Every destination takes only that.
 * Implementations are thread-safe; each call of {@link #writeTo} streams on its own.
 */
public interface Blob {
  /**
   * What names the blob.
   *
   * @return media type, digest and size
   */
  Descriptor descriptor();

  /**
   * Streams the bytes and checks them against the digest on the way.
   *
   * @param target gets all bytes; stays open
   * @throws IOException if the target fails
   * @throws dev.strata.io.StrataException if the bytes can't be read or are not those of the
   *     digest; the target may have got some of them by then
   */
  void writeTo(WritableByteChannel target) throws IOException;
}
