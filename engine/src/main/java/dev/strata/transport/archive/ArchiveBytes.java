package dev.strata.transport.archive;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;

/** The bytes of an archive, which can be read in any order. Implementations are thread-safe. */
interface ArchiveBytes extends AutoCloseable {
  /** Opens a part, to be closed after use. */
  SeekableByteChannel open(long offset, long size) throws IOException;

  /** Returns the number of bytes. */
  long size() throws IOException;

  @Override
  default void close() {}
}
