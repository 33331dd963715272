package dev.strata.transport.archive;

import dev.strata.io.MissingDependencyException;
import dev.strata.transport.Transfer;
import java.nio.channels.WritableByteChannel;

/** The library for tar headers, commons-compress, which programs without archives can leave out. */
final class TarLibrary {
  private TarLibrary() {}

  /**
   * Creates a writer of archives.
   *
   * @throws MissingDependencyException if the library is missing
   */
  static ArchiveTar writer(WritableByteChannel target, Transfer.Listener listener) {
    try {
      return new ArchiveTar(target, listener);
    } catch (NoClassDefFoundError e) {
      throw missing("cannot write an image archive", e);
    }
  }

  static MissingDependencyException missing(String failure, NoClassDefFoundError cause) {
    return new MissingDependencyException(
        failure + ": org.apache.commons:commons-compress is not on the class path; add it", cause);
  }
}
