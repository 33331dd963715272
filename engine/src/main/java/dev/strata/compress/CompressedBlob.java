package dev.strata.compress;

import dev.strata.blob.Blob;
import dev.strata.blob.Blobs;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.blob.PendingBlob;
import dev.strata.io.CorruptDataException;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerRange;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A layer that is compressed each time it is streamed. Its descriptor is known once that has been
 * done, or from a cache. Thread-safe.
 *
 * @since 0.1.0
 */
public final class CompressedBlob implements PendingBlob {
  private final Blob layer;
  private final Digest diffId;
  private final Compression compression;
  private final CompressWorkers workers;
  private final CompressCache cache;
  private final boolean anyCompression;
  private final boolean keepsFrames;
  private volatile @Nullable FrameIndex frames;
  private volatile @Nullable Descriptor made;
  private volatile @Nullable LayerStream latest;

  CompressedBlob(
      Blob layer,
      Digest diffId,
      Compression compression,
      CompressWorkers workers,
      CompressCache cache,
      boolean anyCompression,
      boolean keepsFrames) {
    this.layer = layer;
    this.diffId = diffId;
    this.compression = compression;
    this.workers = workers;
    this.cache = cache;
    this.anyCompression = anyCompression;
    this.keepsFrames = keepsFrames;
  }

  @Override
  public String mediaType() {
    return compression.mediaType();
  }

  /**
   * Returns the digest of the uncompressed layer.
   *
   * @return the diff id
   */
  public Digest diffId() {
    return diffId;
  }

  /**
   * Returns the descriptors of the compressed forms of this layer that are remembered in the cache,
   * of any format and level.
   *
   * @return the descriptors, in no particular order
   */
  public List<Descriptor> earlier() {
    return cache.findAll(diffId);
  }

  /**
   * Returns whether another compressed form of this layer may take its place.
   *
   * @param form its descriptor, with a media type of OCI
   * @return true if it has the format that this layer is compressed to, or one that is acceptable
   */
  public boolean accepts(Descriptor form) {
    boolean compressed =
        form.mediaType().equals(MediaTypes.LAYER_GZIP)
            || form.mediaType().equals(MediaTypes.LAYER_ZSTD);
    return anyCompression && compressed || compression.isThatOf(form);
  }

  /**
   * Returns the uncompressed layer.
   *
   * @return the blob that is compressed
   */
  public Blob uncompressed() {
    return layer;
  }

  /**
   * Returns how much of the layer has been compressed while it is streamed.
   *
   * @return the number of bytes of the uncompressed layer since {@link #writeTo} was last called
   */
  public long compressed() {
    LayerStream stream = latest;
    return stream == null ? 0 : stream.submitted();
  }

  @Override
  public Optional<Descriptor> known() {
    if (made == null) {
      made = cache.find(diffId, workers.codec().key(), mediaType());
    }
    return Optional.ofNullable(made);
  }

  @Override
  public Descriptor descriptor() {
    if (known().isEmpty()) {
      Blobs.discard(this);
    }
    return Objects.requireNonNull(made);
  }

  /**
   * Opens the compressed layer for parts. The first time, that compresses all of it to find out
   * where its frames are, unless it has been streamed already.
   *
   * @param content the layer that is compressed
   * @return the parts, to be closed after use; empty unless the compression is {@link
   *     Compression#ZSTD_CHUNKED}, by a compressor that {@linkplain Compressor#keepingFrames keeps
   *     frames}
   * @throws dev.strata.io.StrataException if the layer cannot be read, or has changed
   */
  public Optional<CompressedParts> parts(Layer content) {
    if (!keepsFrames) {
      return Optional.empty();
    }
    FrameIndex index = frames();
    return Optional.of(new CompressedParts(index, LayerRange.open(content), workers.codec()));
  }

  private synchronized FrameIndex frames() {
    if (frames == null) {
      Blobs.discard(this);
    }
    return Objects.requireNonNull(frames);
  }

  @Override
  public void writeTo(WritableByteChannel target) throws IOException {
    Optional<Descriptor> expected = known();
    Descriptor now;
    FrameIndex index = keepsFrames && frames == null ? new FrameIndex() : null;
    try (LayerStream stream = workers.open(target, index)) {
      latest = stream;
      layer.writeTo(stream);
      now = stream.finish(mediaType());
    } finally {
      latest = null;
    }
    if (expected.isPresent() && !expected.get().equals(now)) {
      made = null;
      cache.forget(diffId, workers.codec().key());
      throw new CorruptDataException(
          "the layer "
              + diffId
              + " compresses to "
              + now.digest()
              + " instead of "
              + expected.get().digest()
              + ", which "
              + cache
              + " lists; the entry has been removed: run again");
    }
    if (index != null) {
      frames = index;
    }
    if (expected.isEmpty()) {
      made = now;
      cache.remember(diffId, workers.codec().key(), now);
    }
  }
}
