package dev.strata.blob;

import java.util.Optional;

/**
 * A blob whose digest and size are known only after its bytes have been produced: a layer that is
 * compressed while it is copied. A destination that can accept bytes before it knows their digest
 * calls {@link #known} first; if that is empty, it writes the blob and calls {@link #descriptor}
 * afterwards. Thread-safe.
 *
 * @since 0.1.0
 */
public interface PendingBlob extends Blob {
  /**
   * Returns the descriptor of any blob if it is known without work.
   *
   * @param blob a blob, pending or not
   * @return the descriptor; empty for a pending blob whose digest is not {@link #known}
   */
  static Optional<Descriptor> known(Blob blob) {
    return blob instanceof PendingBlob pending ? pending.known() : Optional.of(blob.descriptor());
  }

  /**
   * Returns the media type of any blob, without work.
   *
   * @param blob a blob, pending or not
   * @return its media type
   */
  static String mediaTypeOf(Blob blob) {
    return blob instanceof PendingBlob pending
        ? pending.mediaType()
        : blob.descriptor().mediaType();
  }

  /**
   * Returns the descriptor if it is known without work: from an earlier {@link #writeTo}, or from a
   * record of one.
   *
   * @return the descriptor, or empty
   */
  Optional<Descriptor> known();

  /**
   * Returns the media type, which is always known.
   *
   * @return the media type
   */
  String mediaType();

  /**
   * Returns the descriptor. Produces the bytes, and discards them, if it is not {@link #known} yet.
   *
   * @return media type, digest and size
   */
  @Override
  Descriptor descriptor();
}
