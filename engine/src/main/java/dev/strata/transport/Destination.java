package dev.strata.transport;

import dev.strata.blob.Descriptor;
import dev.strata.image.ImageBlobs;
import dev.strata.image.IndexBlobs;
import dev.strata.io.InvalidInputException;

/**
 * A place an image is written to. Implementations are thread-safe.
 *
 * @since 0.1.0
 */
public interface Destination {
  /**
   * Writes an image. Blobs that the place has are not read if it can report them. The image appears
   * whole or not at all.
   *
   * @param image the blobs of the image
   * @param transfer the number of blobs written at once, and the listener
   * @return the descriptor of the manifest that was written
   * @throws dev.strata.io.StrataException if the place cannot be written, or the bytes of a blob do
   *     not match its digest
   * @throws java.util.concurrent.CancellationException if the listener cancels the transfer or the
   *     calling thread is interrupted
   */
  Descriptor write(ImageBlobs image, Transfer transfer);

  /**
   * Writes an index and all its images.
   *
   * @param index the images and their index
   * @param transfer the number of blobs written at once, and the listener
   * @return the descriptor of the index
   * @throws InvalidInputException if the place can hold single images only
   * @throws dev.strata.io.StrataException as {@link #write} does
   */
  default Descriptor writeIndex(IndexBlobs index, Transfer transfer) {
    throw new InvalidInputException(
        "cannot write the images of several platforms to this destination, which holds a single"
            + " image; choose a platform, or write to docker://, oci:, oci-archive: or dir:");
  }
}
