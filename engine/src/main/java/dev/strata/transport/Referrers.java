package dev.strata.transport;

import dev.strata.blob.Digest;
import dev.strata.image.CopySource;
import dev.strata.oci.Referrer;
import java.util.List;

/**
 * The referrers that a place keeps beside its images: artifacts such as bills of materials and
 * signatures, whose manifests name an image as their subject (OCI distribution specification 1.1).
 * Blobs that it returns are valid until it is closed. Implementations are thread-safe.
 *
 * @since 0.1.0
 */
public interface Referrers extends AutoCloseable {
  /**
   * Lists what refers to a manifest or index.
   *
   * @param subject the digest of the manifest
   * @return its referrers, each once, in the order of the place; empty if there are none, or no
   *     such manifest
   * @throws dev.strata.io.StrataException if the place cannot be read, or its list is malformed
   */
  List<Referrer> list(Digest subject);

  /**
   * Reads the manifest of a referrer, and the manifests in it if it is an index.
   *
   * @param referrer one that {@link #list} has returned
   * @return the artifact
   * @throws dev.strata.io.StrataException if it cannot be read, or its digest is wrong
   */
  CopySource open(Referrer referrer);

  /**
   * Adds artifacts to the referrers of a manifest. Those that are among them already are not
   * written again.
   *
   * @param subject the digest of the manifest, which the manifests of the artifacts name
   * @param artifacts the artifacts
   * @param transfer the number of blobs written at once, and the listener
   * @return how many were added
   * @throws dev.strata.io.StrataException if the place cannot be written
   * @throws java.util.concurrent.CancellationException if the listener cancels the transfer or the
   *     calling thread is interrupted
   */
  int add(Digest subject, List<CopySource> artifacts, Transfer transfer);

  /** Closes all connections. Does nothing for a place that has none. */
  @Override
  default void close() {}
}
