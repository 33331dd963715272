package dev.strata.transport;

import dev.strata.blob.Blob;
import dev.strata.image.CopySource;
import dev.strata.oci.Platform;
import org.jspecify.annotations.Nullable;

/**
 * A place an image is read from. Blobs that a source returns are valid until it is closed.
 * Implementations are thread-safe.
 */
public interface Source extends AutoCloseable {
  /**
   * Reads the manifest as it is stored, which may be an index.
   *
   * @return its blob, to the byte, with the media type that the manifest states
   * @throws dev.strata.io.StrataException if it cannot be read, or its digest is wrong
   */
  Blob manifest();

  /**
   * Reads the manifests; no layer is read yet.
   *
   * @param platform which image to take if the name is that of an index; null for all
   * @return the image or the index
   * @throws dev.strata.io.StrataException if a manifest cannot be read, or there is no image for
   *     the platform
   */
  CopySource open(@Nullable Platform platform);

  /** Ends all connections. */
  @Override
  void close();
}
