package dev.strata.blob;

import java.util.Optional;

/**
 * A blob whose digest and size show only once its bytes have been made: a layer that is compressed
 * on its way. A destination that can take bytes before it knows their digest asks {@link #known}
 * first, else writes the blob and asks {@link #descriptor} then. Thread-safe.
 */
public interface PendingBlob extends Blob {
  /**
   * What names any blob, if that is known without work.
   *
   * @param blob a blob, deferred or not
   * @return the descriptor; nothing for a deferred blob that is not {@link #known}
   */
  static Optional<Descriptor> known(Blob blob) {
    return blob instanceof PendingBlob deferred ? deferred.known() : Optional.of(blob.descriptor());
  }

  /**
   * What names the blob, if that is known without work: from an earlier {@link #writeTo}, or from a
   * record of one.
   *
   * @return the descriptor, or nothing
   */
  Optional<Descriptor> known();

  /**
   * The media type, which is always known.
   *
   * @return the media type
   */
  String mediaType();

  /**
   * What names the blob; makes its bytes for that alone when it is not {@link #known}.
   *
   * @return media type, digest and size
   */
  @Override
  Descriptor descriptor();
}
