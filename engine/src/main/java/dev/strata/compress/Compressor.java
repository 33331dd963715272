package dev.strata.compress;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.FileBlob;
import dev.strata.blob.MediaTypes;
import dev.strata.blob.PendingBlob;
import dev.strata.blob.Progress;
import dev.strata.internal.pipeline.Crew;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBlobs;
import dev.strata.oci.ManifestFormat;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Compresses layers, on several threads and yet to the same bytes on any machine and with any
 * number of threads, which end with the last stream. The descriptors of compressed layers are kept
 * in a cache, if there is one. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Compressor {
  private final Compression compression;
  private final @Nullable CompressWorkers workers;
  private final CompressCache cache;
  private final boolean anyCompression;
  private final boolean keepsFrames;

  private Compressor(
      Compression compression,
      @Nullable CompressWorkers workers,
      CompressCache cache,
      boolean anyCompression,
      boolean keepsFrames) {
    this.compression = compression;
    this.workers = workers;
    this.cache = cache;
    this.anyCompression = anyCompression;
    this.keepsFrames = keepsFrames;
  }

  /**
   * Creates a compressor.
   *
   * @param compression the compression
   * @param level the level, as {@link Compression#checkLevel} accepts it
   * @param jobs the number of threads for all layers together, at least 1
   * @param cache the cache of descriptors
   * @return the compressor
   * @throws dev.strata.io.InvalidInputException if there is no such level
   * @throws dev.strata.io.MissingDependencyException if the library for the compression is missing
   *     or cannot be loaded
   */
  public static Compressor of(Compression compression, int level, int jobs, CompressCache cache) {
    int checked = compression.checkLevel(level);
    CompressWorkers workers =
        compression == Compression.NONE
            ? null
            : new CompressWorkers(BlockCodec.of(compression, checked), jobs);
    return new Compressor(
        compression, workers, cache, /* anyCompression= */ false, /* keepsFrames= */ false);
  }

  /**
   * Returns a compressor for layers that a destination may also keep in another compression, if it
   * has them so already.
   *
   * @return a changed copy
   */
  public Compressor acceptingAny() {
    return new Compressor(compression, workers, cache, /* anyCompression= */ true, keepsFrames);
  }

  /**
   * Returns a compressor for layers of which {@linkplain CompressedBlob#parts parts} are wanted: in
   * {@link Compression#ZSTD_CHUNKED}, where their frames are is kept, which takes 16 bytes for each
   * file or chunk, and the table of contents.
   *
   * @return a changed copy
   */
  public Compressor keepingFrames() {
    boolean kept = compression == Compression.ZSTD_CHUNKED;
    return new Compressor(compression, workers, cache, anyCompression, kept);
  }

  /**
   * Returns the compression.
   *
   * @return the compression
   */
  public Compression compression() {
    return compression;
  }

  /**
   * Returns a layer that is compressed when it is streamed.
   *
   * @param layer a blob; only one of media type {@link MediaTypes#LAYER} is compressed
   * @return a {@link CompressedBlob}; or the blob itself, if it is of another media type or the
   *     compression is {@link Compression#NONE}
   */
  public Blob compress(Blob layer) {
    boolean plain = layer.descriptor().mediaType().equals(MediaTypes.LAYER);
    return workers == null || !plain ? layer : compress(layer, layer.descriptor().digest());
  }

  /**
   * Returns a layer that is compressed when it is streamed, whatever its media type.
   *
   * @param layer a blob whose content is not compressed
   * @param diffId the digest of the content
   * @return a {@link CompressedBlob}; or the blob itself, if the compression is {@link
   *     Compression#NONE}
   */
  public Blob compress(Blob layer, Digest diffId) {
    return workers == null
        ? layer
        : new CompressedBlob(
            layer,
            diffId,
            compression,
            workers,
            cache,
            anyCompression && !isOfDocker(layer),
            keepsFrames);
  }

  /** Returns whether an image has Docker's media types, of which there is none for zstd. */
  private static boolean isOfDocker(Blob layer) {
    String type = PendingBlob.mediaTypeOf(layer);
    return !ManifestFormat.OCI.typeOf(type).equals(type);
  }

  /**
   * Writes the compressed blob of a layer to a file that is named after its digest. A file that is
   * there and intact is kept.
   *
   * @param layer a finished layer
   * @param directory the folder as it is recorded in the layer, a name for {@link
   *     FileNames#path(String)}
   * @param jobs the number of workers that may read ahead, at least 1
   * @return the layer with digest, size, media type and file of the compressed blob, and its former
   *     diff id; the layer itself, if it is compressed already or the compression is {@link
   *     Compression#NONE}
   * @throws dev.strata.io.OutputException if the file cannot be written
   * @throws dev.strata.io.StrataException if the layer cannot be read
   * @throws java.util.concurrent.CancellationException if the calling thread is interrupted
   */
  public Layer write(Layer layer, String directory, int jobs) {
    if (!(compress(LayerBlobs.of(layer, jobs)) instanceof CompressedBlob blob)) {
      return layer;
    }
    Optional<Descriptor> known = blob.known();
    boolean there =
        known.isPresent()
            && new FileBlob(FileNames.path(fileOf(directory, known.get())), known.get()).isIntact();
    if (!there) {
      write(blob, directory);
    }
    Descriptor made = blob.descriptor();
    return layer.toBuilder()
        .digest(made.digest())
        .size(made.size())
        .mediaType(made.mediaType())
        .annotations(made.annotations())
        .file(fileOf(directory, made))
        .build();
  }

  private void write(Blob blob, String directory) {
    try (OutputFile out = OutputFile.openIn(FileNames.path(directory))) {
      blob.writeTo(out);
      out.commitAs(FileNames.path(fileOf(directory, blob.descriptor())));
    } catch (IOException e) {
      throw new IllegalStateException("output files throw no IOException", e);
    }
  }

  private String fileOf(String directory, Descriptor blob) {
    return directory + "/" + blob.digest().hex() + compression.suffix();
  }

  /**
   * Writes the compressed blobs of layers, several at once.
   *
   * @param layers finished layers
   * @param directory the folder as it is recorded in the layers
   * @param jobs the number of layers at once, at least 1
   * @return the layers as {@link #write} returns them, in the same order
   * @throws dev.strata.io.OutputException if a file cannot be written
   * @throws dev.strata.io.StrataException if a layer cannot be read
   * @throws java.util.concurrent.CancellationException if the calling thread is interrupted
   */
  public List<Layer> writeAll(List<Layer> layers, String directory, int jobs) {
    AtomicReferenceArray<Layer> written = new AtomicReferenceArray<>(layers.size());
    AtomicInteger next = new AtomicInteger();
    try {
      new Crew(Math.clamp(layers.size(), 1, jobs), Progress.NONE)
          .run(worker -> {
            for (int i = next.getAndIncrement(); i < layers.size(); i = next.getAndIncrement()) {
              worker.checkStopped();
              written.set(i, write(layers.get(i), directory, 1));
            }
          });
    } catch (IOException e) {
      throw new IllegalStateException("output files throw no IOException", e);
    }
    return IntStream.range(0, layers.size()).mapToObj(written::get).toList();
  }
}
