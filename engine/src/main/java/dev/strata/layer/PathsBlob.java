package dev.strata.layer;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.Progress;
import dev.strata.internal.pipeline.LayerPipeline;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import dev.strata.layering.LayerPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;

/**
 * A layer whose bytes are made again from its paths whenever they are wanted; no tarball is kept.
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
    Digest made =
        new LayerPipeline(jobs, Progress.NONE)
            .stream(
                paths,
                (slab, length) -> {
                  ByteBuffer buffer = ByteBuffer.wrap(slab, 0, length);
                  while (buffer.hasRemaining()) {
                    target.write(buffer);
                  }
                });
    if (!made.equals(descriptor.digest())) {
      throw new StrataException(
          "the layer of "
              + FileNames.quote(paths.getFirst().path())
              + (paths.size() > 1 ? " and " + (paths.size() - 1) + " more paths" : "")
              + " now has the digest "
              + made
              + ", not the recorded "
              + descriptor.digest()
              + ": its files changed since the layers were built; build them again");
    }
  }
}
