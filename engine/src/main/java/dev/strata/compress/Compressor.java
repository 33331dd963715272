package dev.strata.compress;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.FileBlob;
import dev.strata.blob.MediaTypes;
import dev.strata.blob.NullChannel;
import dev.strata.blob.Progress;
import dev.strata.internal.pipeline.Crew;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import dev.strata.io.StrataException;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBlobs;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Compresses layers, on several threads and yet to the same bytes on any machine and with any
 * number of threads. What a layer compresses to is remembered in a small cache, if there is one.
 * Thread-safe.
 */
public final class Compressor {
  private final Compression compression;
  private final @Nullable CompressWorkers workers;
  private final CompressCache cache;

  private Compressor(
      Compression compression, @Nullable CompressWorkers workers, CompressCache cache) {
    this.compression = compression;
    this.workers = workers;
    this.cache = cache;
  }

  /**
   * Creates a compressor.
   *
   * @param compression how
   * @param level how hard, as {@link Compression#checkLevel} allows
   * @param jobs how many threads, at least 1, for all layers together
   * @param cache remembers what layers compress to
   * @return the compressor
   * @throws StrataException if there is no such level
   */
  public static Compressor of(Compression compression, int level, int jobs, CompressCache cache) {
    int checked = compression.checkLevel(level);
    CompressWorkers workers =
        compression == Compression.NONE
            ? null
            : new CompressWorkers(BlockCodec.of(compression, checked), jobs);
    return new Compressor(compression, workers, cache);
  }

  /**
   * How this compresses.
   *
   * @return the compression
   */
  public Compression compression() {
    return compression;
  }

  /**
   * Compresses a layer, when its bytes are asked for.
   *
   * @param layer a blob; only one of {@link MediaTypes#LAYER} is compressed
   * @return a {@link CompressedBlob}; or the blob itself, if it is no such layer or the compression
   *     is {@link Compression#NONE}
   */
  public Blob compress(Blob layer) {
    boolean plain = layer.descriptor().mediaType().equals(MediaTypes.LAYER);
    return workers == null || !plain
        ? layer
        : new CompressedBlob(layer, compression.mediaType(), workers, cache);
  }

  /**
   * Writes the compressed blob of a layer to a file that is named by its digest.
   *
   * @param layer a finished layer; its diff id stays
   * @param directory the folder as {@code layers.json} shall name it
   * @param jobs how many workers may read ahead, at least 1
   * @return the layer with digest, size, media type and file of the compressed blob; the layer
   *     itself, if it is compressed already or the compression is {@link Compression#NONE}
   * @throws StrataException if the layer can't be read or the file can't be written
   */
  public Layer write(Layer layer, String directory, int jobs) {
    if (!(compress(LayerBlobs.of(layer, jobs)) instanceof CompressedBlob blob)) {
      return layer;
    }
    String prefix = directory + "/";
    Optional<Descriptor> known = blob.known();
    String file = known.map(d -> prefix + d.digest().hex() + compression.suffix()).orElse("");
    if (file.isEmpty() || !isIntact(file, known.get())) {
      try (OutputFile out = OutputFile.openIn(FileNames.path(directory))) {
        blob.writeTo(out);
        file = prefix + blob.descriptor().digest().hex() + compression.suffix();
        out.commitAs(FileNames.path(file));
      } catch (IOException e) {
        throw new StrataException(
            "cannot write a compressed layer to "
                + FileNames.quote(directory)
                + ": "
                + e.getMessage(),
            e);
      }
    }
    Descriptor made = blob.descriptor();
    return layer.toBuilder()
        .digest(made.digest())
        .size(made.size())
        .mediaType(made.mediaType())
        .file(file)
        .build();
  }

  /**
   * Writes the compressed blobs of layers, several at once.
   *
   * @param layers finished layers
   * @param directory the folder as {@code layers.json} shall name it
   * @param jobs how many layers at once, at least 1
   * @return the layers as {@link #write} gives them, in the same order
   * @throws StrataException if a layer can't be read or a file can't be written
   * @throws java.util.concurrent.CancellationException if the calling thread is interrupted
   */
  public List<Layer> writeAll(List<Layer> layers, String directory, int jobs) {
    AtomicReferenceArray<Layer> written = new AtomicReferenceArray<>(layers.size());
    AtomicInteger next = new AtomicInteger();
    new Crew(Math.clamp(layers.size(), 1, jobs), Progress.NONE)
        .run(worker -> {
          for (int i = next.getAndIncrement(); i < layers.size(); i = next.getAndIncrement()) {
            worker.checkStopped();
            written.set(i, write(layers.get(i), directory, 1));
          }
        });
    return IntStream.range(0, layers.size()).mapToObj(written::get).toList();
  }

  private static boolean isIntact(String file, Descriptor descriptor) {
    try {
      if (java.nio.file.Files.size(FileNames.path(file)) != descriptor.size()) {
        return false;
      }
      new FileBlob(FileNames.path(file), descriptor).writeTo(new NullChannel());
      return true;
    } catch (IOException | StrataException _) {
      return false;
    }
  }
}
