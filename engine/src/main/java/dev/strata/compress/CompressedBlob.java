package dev.strata.compress;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.NullChannel;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A layer that is compressed whenever its bytes are wanted. What names it shows when they have been
 * made once; a cache may know it before. Thread-safe.
 */
public final class CompressedBlob implements Blob {
  private final Blob layer;
  private final String mediaType;
  private final CompressWorkers workers;
  private final CompressCache cache;
  private volatile @Nullable Descriptor made;

  CompressedBlob(Blob layer, String mediaType, CompressWorkers workers, CompressCache cache) {
    this.layer = layer;
    this.mediaType = mediaType;
    this.workers = workers;
    this.cache = cache;
  }

  /**
   * The media type, which is always known.
   *
   * @return the media type
   */
  public String mediaType() {
    return mediaType;
  }

  /**
   * The layer as it was.
   *
   * @return the blob that is compressed
   */
  public Blob uncompressed() {
    return layer;
  }

  /**
   * What names the blob, if its bytes were made before, by this object or, as the cache knows, by
   * another.
   *
   * @return the descriptor, or nothing
   */
  public Optional<Descriptor> known() {
    if (made == null) {
      made = cache.find(diffId(), workers.codec().key(), mediaType);
    }
    return Optional.ofNullable(made);
  }

  /** Makes the bytes for their digest alone when it is not {@link #known}. */
  @Override
  public Descriptor descriptor() {
    if (known().isEmpty()) {
      try {
        writeTo(new NullChannel());
      } catch (IOException e) {
        throw new IllegalStateException("dropping bytes cannot fail", e);
      }
    }
    return Objects.requireNonNull(made);
  }

  @Override
  public void writeTo(WritableByteChannel target) throws IOException {
    Optional<Descriptor> expected = known();
    Descriptor now;
    try (CompressStream stream = new CompressStream(workers, target)) {
      layer.writeTo(stream);
      now = stream.finish(mediaType);
    }
    if (expected.isPresent() && !expected.get().equals(now)) {
      made = null;
      cache.forget(diffId(), workers.codec().key());
      throw new StrataException(
          "the layer "
              + diffId()
              + " compresses to "
              + now.digest()
              + ", not to "
              + expected.get().digest()
              + " as "
              + cache
              + " has it; that line is forgotten: run again");
    }
    if (expected.isEmpty()) {
      made = now;
      cache.remember(diffId(), workers.codec().key(), now);
    }
  }

  private Digest diffId() {
    return layer.descriptor().digest();
  }
}
