package dev.strata.layer;

import dev.strata.blob.Blob;
import dev.strata.blob.Blobs;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.Progress;
import dev.strata.internal.pipeline.LayerPipeline;
import dev.strata.io.FileNames;
import dev.strata.io.SourceChangedException;
import dev.strata.layering.LayerPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;

/**
 * A layer whose bytes are produced from its paths each time it is streamed; no tar file is kept.
 * Immutable and thread-safe.
 */
final class PathsBlob implements Blob {
  private final Descriptor descriptor;
  private final List<LayerPath> paths;
  private final int jobs;

  PathsBlob(Descriptor descriptor, List<LayerPath> paths, int jobs) {
    this.descriptor = descriptor;
    this.paths = paths;
    this.jobs = jobs;
  }

  @Override
  public Descriptor descriptor() {
    return descriptor;
  }

  @Override
  public void writeTo(WritableByteChannel target) throws IOException {
    LayerPipeline pipeline = new LayerPipeline(jobs, Progress.NONE);
    Digest digest =
        pipeline.stream(
                paths, (slab, length) -> Blobs.writeFully(target, ByteBuffer.wrap(slab, 0, length)))
            .digest();
    if (!digest.equals(descriptor.digest())) {
      throw new SourceChangedException(
          "the layer of "
              + FileNames.quote(paths.getFirst().path())
              + (paths.size() > 1 ? " and " + (paths.size() - 1) + " more paths" : "")
              + " now has the digest "
              + digest
              + " instead of the recorded "
              + descriptor.digest()
              + ": its files have changed since it was built; build it again");
    }
  }
}
