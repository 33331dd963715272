package dev.strata.transport;

import dev.strata.blob.Descriptor;
import dev.strata.image.ImageBlobs;
import dev.strata.image.IndexBlobs;
import dev.strata.io.StrataException;

/** A place an image goes to; each transport is one such class. */
public interface Destination {
  /**
   * Brings an image there. Blobs that are there already are not read, where the place can tell. The
   * image appears whole or not at all.
   *
   * @param image the image's blobs
   * @param transfer how many at once, and who is told
   * @return what names the manifest as it is there
   * @throws StrataException if the place can't be written, or a blob's bytes are not its digest's
   */
  Descriptor write(ImageBlobs image, Transfer transfer);

  /**
   * Brings an index and all its images there.
   *
   * @param index the images and their index
   * @param transfer how many blobs at once, and who is told
   * @return what names the index
   * @throws StrataException as {@link #write} does, or if the place holds single images only
   */
  default Descriptor writeIndex(IndexBlobs index, Transfer transfer) {
    throw new StrataException(
        "this destination holds one image, not an index of several: copy to docker:// or oci:");
  }
}
