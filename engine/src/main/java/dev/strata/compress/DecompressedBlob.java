package dev.strata.compress;

import dev.strata.blob.Blob;
import dev.strata.blob.Blobs;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.HashingCopy;
import dev.strata.blob.MediaTypes;
import dev.strata.blob.PendingBlob;
import dev.strata.io.CorruptDataException;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A layer that is decompressed each time it is streamed. Its bytes decide how, not its media type:
 * gzip, zstd, or not at all. The digest of the compressed layer is checked as well as that of the
 * content. The digest is known from the start, but the size only once the layer has been streamed.
 * Memory is bounded as in {@link DecompressingChannel}; how much is written is not, since nothing
 * states the size of the content beforehand. Thread-safe.
 *
 * @since 0.1.0
 */
public final class DecompressedBlob implements PendingBlob {
  private final Blob layer;
  private final Digest diffId;
  private volatile @Nullable Descriptor made;

  /**
   * Creates a blob; reads nothing yet.
   *
   * @param layer the layer as it is stored
   * @param diffId the digest of its content, as the image's configuration lists it
   */
  public DecompressedBlob(Blob layer, Digest diffId) {
    this.layer = layer;
    this.diffId = diffId;
  }

  @Override
  public String mediaType() {
    return MediaTypes.LAYER;
  }

  /**
   * Returns the digest of the content, which is known before its size is.
   *
   * @return the diff id
   */
  public Digest diffId() {
    return diffId;
  }

  @Override
  public Optional<Descriptor> known() {
    return Optional.ofNullable(made);
  }

  @Override
  public Descriptor descriptor() {
    if (made == null) {
      Blobs.discard(this);
    }
    return Objects.requireNonNull(made);
  }

  @Override
  public void writeTo(WritableByteChannel target) throws IOException {
    HashingCopy copy = new HashingCopy(target, diffId);
    try (DecompressingChannel channel = new DecompressingChannel(copy, this::corrupt)) {
      layer.writeTo(channel);
      channel.finish();
    }
    if (!copy.matches(diffId)) {
      throw corrupt("its content does not have the digest " + diffId);
    }
    made = new Descriptor(MediaTypes.LAYER, diffId, copy.count());
  }

  private CorruptDataException corrupt(String problem) {
    String name = PendingBlob.known(layer).map(d -> "the layer " + d.digest()).orElse("a layer");
    return new CorruptDataException(
        "cannot decompress "
            + name
            + ": "
            + problem
            + "; the image is damaged: create or copy it again");
  }
}
