package dev.strata.cli.options;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.PendingBlob;
import dev.strata.compress.CompressedBlob;
import java.util.Optional;

/**
 * How much of a blob has been copied.
 *
 * @param isCompressing whether the blob is being compressed, so that its size is not known yet and
 *     the other figures are those of the uncompressed layer
 * @param done the number of bytes done
 * @param total the number of bytes in all; -1 if it is not known
 */
record BlobProgress(boolean isCompressing, long done, long total) {
  static BlobProgress of(Blob blob, long sent) {
    Optional<Descriptor> known = PendingBlob.known(blob);
    if (known.isPresent()) {
      return new BlobProgress(false, sent, known.get().size());
    }
    if (blob instanceof CompressedBlob compressed) {
      Optional<Descriptor> layer = PendingBlob.known(compressed.uncompressed());
      return new BlobProgress(
          true, compressed.compressed(), layer.isPresent() ? layer.get().size() : -1);
    }
    return new BlobProgress(false, sent, -1);
  }

  /** How much is done in percent, at most 100. */
  int percent() {
    return total <= 0 ? 100 : (int) Math.min(100, 100 * (double) done / total);
  }

  /** The seconds that are left, at the speed so far; -1 if that cannot be known yet. */
  long secondsLeft(long nanosSoFar) {
    if (total < 0 || done <= 0) {
      return -1;
    }
    return (long) Math.ceil((total - Math.min(done, total)) * (nanosSoFar / 1e9) / done);
  }
}
