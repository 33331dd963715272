package dev.strata.layer;

import dev.strata.blob.Digest;
import dev.strata.internal.pipeline.LayerSink;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import java.nio.ByteBuffer;

/** Keeps the tar stream of a layer in a file named after its digest. Not thread-safe. */
final class TarFile implements LayerSink {
  private final String directory;
  private final OutputFile out;

  TarFile(String directory) {
    this.directory = directory;
    this.out = OutputFile.openIn(FileNames.path(directory));
  }

  /** Returns the file of a stream with a given digest, as layers record it. */
  static String name(String directory, Digest digest) {
    return directory + "/" + digest.hex() + ".tar";
  }

  @Override
  public void take(byte[] slab, int length) {
    out.writeFully(ByteBuffer.wrap(slab, 0, length));
  }

  @Override
  public void finish(Digest digest) {
    out.commitAs(FileNames.path(name(directory, digest)));
  }

  @Override
  public void close() {
    out.close();
  }
}
