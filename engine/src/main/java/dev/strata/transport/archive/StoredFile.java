package dev.strata.transport.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A regular file. It is opened for each part that is read, since an interrupt closes it. Immutable
 * and thread-safe.
 */
record StoredFile(Path file) implements ArchiveBytes {
  @Override
  public SeekableByteChannel open(long offset, long size) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    RangeChannel.Reader reader =
        new RangeChannel.Reader() {
          @Override
          public int read(ByteBuffer target, long position) throws IOException {
            return channel.read(target, position);
          }

          @Override
          public void close() throws IOException {
            channel.close();
          }
        };
    return new RangeChannel(reader, offset, offset + size);
  }

  @Override
  public long size() throws IOException {
    return Files.size(file);
  }
}
