package dev.strata.explain;

import dev.strata.blob.Blob;
import dev.strata.blob.Blobs;
import dev.strata.blob.Digest;
import dev.strata.blob.Progress;
import dev.strata.compress.CheckedBlob;
import dev.strata.internal.pipeline.HashedLayer;
import dev.strata.internal.pipeline.LayerPipeline;
import dev.strata.internal.pipeline.LayerSink;
import dev.strata.io.ConflictException;
import dev.strata.io.CorruptDataException;
import dev.strata.io.InvalidInputException;
import dev.strata.io.NotFoundException;
import dev.strata.io.SourceChangedException;
import dev.strata.io.StrataException;
import dev.strata.layer.Layer;
import dev.strata.layering.LayerPath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether layers and blobs still have the bytes that were recorded. Immutable and thread-safe.
 *
 * @param status the answer
 * @param problem what is different, or why the bytes cannot be read; empty if they are the same
 * @since 0.1.0
 */
public record Verification(Status status, String problem) {
  private static final Verification SAME = new Verification(Status.SAME, "");

  /** The answers, from the best to the worst. */
  public enum Status {
    /** The bytes are the recorded ones. */
    SAME,
    /** The bytes are others, or are missing. */
    CHANGED,
    /** The bytes cannot be read, so that nothing is known about them. */
    UNREADABLE
  }

  /**
   * Produces the bytes of layers from their paths again, many layers at once, as a build does, and
   * compares their digests. No tar file of a layer is read.
   *
   * @param layers layers with paths
   * @param jobs the number of workers, at least 1
   * @param progress receives progress events, and may cancel the work
   * @return the answer for each layer, in order
   * @throws java.util.concurrent.CancellationException if the listener cancels, or the calling
   *     thread is interrupted
   */
  public static List<Verification> layers(List<Layer> layers, int jobs, Progress progress) {
    List<Verification> all = new ArrayList<>(layers.size());
    if (layers.isEmpty()) {
      return all;
    }
    try {
      List<HashedLayer> hashed = hash(layers.stream().map(Layer::paths).toList(), jobs, progress);
      for (int i = 0; i < layers.size(); i++) {
        all.add(compared(layers.get(i), hashed.get(i)));
      }
    } catch (StrataException e) {
      if (layers.size() == 1) {
        all.add(failed(e));
        return all;
      }
      // One by one, so that the others get an answer.
      layers.forEach(layer -> all.addAll(layers(List.of(layer), jobs, progress)));
    }
    return all;
  }

  private static List<HashedLayer> hash(List<List<LayerPath>> plan, int jobs, Progress progress) {
    try {
      return new LayerPipeline(jobs, progress).hash(plan, (_, _) -> new LayerSink.Ignoring());
    } catch (IOException e) {
      throw new IllegalStateException("nothing is written", e);
    }
  }

  private static Verification compared(Layer layer, HashedLayer now) {
    if (now.digest().equals(layer.diffId())) {
      return SAME;
    }
    long recorded = layer.size().orElse(now.size());
    long more = now.size() - recorded;
    String size =
        more == 0 ? "" : ", and " + Math.abs(more) + " bytes " + (more > 0 ? "more" : "less");
    return new Verification(
        Status.CHANGED,
        "it now has the digest " + now.digest() + size + " instead of " + layer.diffId());
  }

  /**
   * Reads a blob and compares it with its descriptor.
   *
   * @param blob the blob
   * @param diffId the digest of its uncompressed content, to be compared as well; null if it is not
   *     a layer
   * @return the answer
   * @throws java.util.concurrent.CancellationException if the calling thread is interrupted
   */
  public static Verification blob(Blob blob, @Nullable Digest diffId) {
    try {
      Blobs.discard(diffId == null ? blob : new CheckedBlob(blob, diffId));
      return SAME;
    } catch (StrataException e) {
      return failed(e);
    }
  }

  private static Verification failed(StrataException e) {
    boolean changed =
        e instanceof SourceChangedException
            || e instanceof CorruptDataException
            || e instanceof NotFoundException
            || e instanceof InvalidInputException
            || e instanceof ConflictException;
    return new Verification(
        changed ? Status.CHANGED : Status.UNREADABLE, String.valueOf(e.getMessage()));
  }
}
