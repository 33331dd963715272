package dev.strata.layer;

import dev.strata.blob.Digest;
import dev.strata.internal.foreign.Slab;
import dev.strata.internal.pipeline.LayerSink;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;

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
  public boolean take(Slab slab, int length) {
    out.writeFully(slab.view(0, length));
    return false;
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
