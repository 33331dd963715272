package dev.strata.transport;

import dev.strata.blob.Blob;
import dev.strata.image.CopySource;
import dev.strata.oci.PlatformChoice;

/**
 * A place an image is read from. Blobs that a source returns are valid until it is closed.
 * Implementations are thread-safe.
 *
 * @since 0.1.0
 */
public interface Source extends AutoCloseable {
  /**
   * Reads the manifest as it is stored, which may be an index.
   *
   * @return its blob, byte for byte, with the media type that the manifest states
   * @throws dev.strata.io.StrataException if it cannot be read, or its digest is wrong
   */
  default Blob manifest() {
    CopySource all = open(PlatformChoice.all());
    return all instanceof CopySource.Several several
        ? several.index().index()
        : ((CopySource.Single) all).image().manifest();
  }

  /**
   * Reads the manifests, but no layer.
   *
   * @param choice the images to read if the source holds an index
   * @return the image or the index
   * @throws dev.strata.io.StrataException if a manifest cannot be read, or there is no image for a
   *     platform
   */
  CopySource open(PlatformChoice choice);

  /** Closes all connections. Does nothing for a source that has none. */
  @Override
  default void close() {}
}
