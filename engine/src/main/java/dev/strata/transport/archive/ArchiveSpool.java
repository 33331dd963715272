package dev.strata.transport.archive;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.PendingBlob;
import dev.strata.image.ImageBlobs;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import dev.strata.io.TemporaryName;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps blobs whose digest and size show late, compressed layers, until they are written: a tar
 * wants the size of a file before its bytes. The files have no name, so that nothing is left
 * however the process ends. Not thread-safe; its blobs are.
 */
final class ArchiveSpool implements AutoCloseable {
  private static final int CHUNK = 256 << 10;

  private final Path folder;
  private final List<FileChannel> files = new ArrayList<>();

  ArchiveSpool(Path folder) {
    this.folder = folder;
  }

  /** The image with each blob known, the unknown ones written to files first. */
  ImageBlobs settle(ImageBlobs image) throws IOException {
    List<Blob> settled = new ArrayList<>();
    for (Blob layer : image.layers()) {
      boolean unknown = PendingBlob.known(layer).isEmpty();
      settled.add(unknown ? spool(layer) : layer);
    }
    return image.withLayers(layer -> settled.get(image.layers().indexOf(layer)));
  }

  private Blob spool(Blob blob) throws IOException {
    FileChannel file = open();
    files.add(file);
    blob.writeTo(new Guarded(file));
    return new Kept(file, blob.descriptor());
  }

  private FileChannel open() throws IOException {
    Path file = folder.resolve(TemporaryName.next());
    try {
      // On Unix the name is gone as soon as the file is open.
      return FileChannel.open(
          file,
          StandardOpenOption.CREATE_NEW,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          StandardOpenOption.DELETE_ON_CLOSE);
    } catch (IOException e) {
      throw new StrataException(
          "cannot keep a compressed layer in "
              + FileNames.quote(FileNames.decode(FileNames.bytes(folder)))
              + ": "
              + e.getMessage(),
          e);
    }
  }

  @Override
  public void close() throws IOException {
    for (FileChannel file : files) {
      file.close();
    }
  }

  /** A channel that its writer can't close. */
  private record Guarded(FileChannel file) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) throws IOException {
      return file.write(bytes);
    }

    @Override
    public boolean isOpen() {
      return file.isOpen();
    }

    @Override
    public void close() {}
  }

  /** A blob in an open file. */
  private record Kept(FileChannel file, Descriptor descriptor) implements Blob {
    @Override
    public void writeTo(WritableByteChannel target) throws IOException {
      MessageDigest hash = descriptor.digest().newHash();
      byte[] chunk = new byte[CHUNK];
      ByteBuffer buffer = ByteBuffer.wrap(chunk);
      long at = 0;
      for (int n = file.read(buffer, at); n > 0; n = file.read(buffer, at)) {
        at += n;
        hash.update(chunk, 0, n);
        buffer.flip();
        while (buffer.hasRemaining()) {
          target.write(buffer);
        }
        buffer.clear();
      }
      if (!descriptor.digest().matches(hash.digest())) {
        throw new StrataException(
            "a temporary file lost the bytes of " + descriptor.digest() + ": check the disk");
      }
    }
  }
}
