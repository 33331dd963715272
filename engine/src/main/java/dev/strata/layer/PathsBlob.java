package dev.strata.layer;

import dev.strata.blob.Blob;
import dev.strata.blob.Blobs;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.Progress;
import dev.strata.internal.foreign.SlabChannel;
import dev.strata.internal.pipeline.LayerPipeline;
import dev.strata.internal.pipeline.LayerSink;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import dev.strata.layering.LayerPath;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.List;

/**
 * A layer whose bytes are produced from its paths each time it is streamed; no tar file is kept.
 * Immutable and thread-safe.
 */
final class PathsBlob implements Blob {
  private final Descriptor descriptor;
  private final Layer layer;
  private final int jobs;

  PathsBlob(Descriptor descriptor, Layer layer, int jobs) {
    this.descriptor = descriptor;
    this.layer = layer;
    this.jobs = jobs;
  }

  @Override
  public Descriptor descriptor() {
    return descriptor;
  }

  @Override
  public void writeTo(WritableByteChannel target) throws IOException {
    List<LayerPath> paths = layer.paths();
    LayerPipeline pipeline = new LayerPipeline(jobs, Progress.NONE);
    // Of a layer that has grown, the rest is only hashed: the target does not expect it.
    long[] left = {descriptor.size()};
    Digest digest =
        pipeline.stream(
                paths,
                (slab, length) -> {
                  int count = (int) Math.min(length, left[0]);
                  left[0] -= count;
                  if (target instanceof SlabChannel channel) {
                    return channel.write(slab, count);
                  }
                  Blobs.writeFully(target, slab.view(0, count));
                  return false;
                })
            .digest();
    if (!digest.equals(descriptor.digest())) {
      SourceChanges changes = SourceChanges.of(layer);
      if (!changes.isEmpty()) {
        throw changes.failure(layer, null);
      }
      throw new LayerChangedException(
          "the layer of "
              + FileNames.quote(paths.getFirst().path())
              + (paths.size() > 1 ? " and " + (paths.size() - 1) + " more paths" : "")
              + " now has the digest "
              + digest
              + " instead of the recorded "
              + descriptor.digest()
              + ": its files have changed since it was built; build it again",
          layer);
    }
  }

  /** Throws if the state of the paths is known, and differs in a way that changes the bytes. */
  void checkUnchanged() {
    if (layer.stamps().isEmpty()) {
      return;
    }
    SourceChanges changes = SourceChanges.of(layer);
    if (changes.isEmpty()) {
      return;
    }
    Digest now;
    try {
      now =
          new LayerPipeline(jobs, Progress.NONE)
              .stream(layer.paths(), new LayerSink.Ignoring()).digest();
    } catch (IOException e) {
      throw new IllegalStateException("nothing is written", e);
    } catch (StrataException e) {
      throw changes.failure(layer, e);
    }
    if (!now.equals(descriptor.digest())) {
      throw changes.failure(layer, null);
    }
  }
}
