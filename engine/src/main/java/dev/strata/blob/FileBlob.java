package dev.strata.blob;

import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;

/** A blob in a file of this machine. Immutable and thread-safe. */
public final class FileBlob implements Blob {
  private static final int CHUNK = 256 << 10;

  private final Path file;
  private final Descriptor descriptor;

  /**
   * Creates a blob.
   *
   * @param file holds the bytes
   * @param descriptor names them; a size of 0 or less stands for an unknown one
   */
  public FileBlob(Path file, Descriptor descriptor) {
    this.file = file;
    this.descriptor = descriptor;
  }

  @Override
  public Descriptor descriptor() {
    return descriptor;
  }

  @Override
  public void writeTo(WritableByteChannel target) throws IOException {
    MessageDigest hash = descriptor.digest().newHash();
    byte[] chunk = new byte[CHUNK];
    boolean sizeKnown = descriptor.size() > 0;
    long size = 0;
    try (FileChannel channel = open()) {
      ByteBuffer buffer = ByteBuffer.wrap(chunk);
      while (channel.read(buffer) >= 0) {
        buffer.flip();
        size += buffer.limit();
        if (sizeKnown && size > descriptor.size()) {
          throw wrongSize("more");
        }
        hash.update(chunk, 0, buffer.limit());
        while (buffer.hasRemaining()) {
          target.write(buffer);
        }
        buffer.clear();
      }
    }
    if (sizeKnown && size < descriptor.size()) {
      throw wrongSize("fewer");
    }
    if (!descriptor.digest().matches(hash.digest())) {
      throw new StrataException(
          "the file "
              + name()
              + " does not have the digest "
              + descriptor.digest()
              + ": it changed since its description was written; make it again");
    }
  }

  private StrataException wrongSize(String moreOrFewer) {
    return new StrataException(
        "the file "
            + name()
            + " has "
            + moreOrFewer
            + " bytes than the "
            + descriptor.size()
            + " that its description records: it changed, or what names it is wrong; make it"
            + " again");
  }

  private FileChannel open() throws IOException {
    try {
      return FileChannel.open(file, StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      throw new StrataException(
          "cannot read the layer " + name() + ": no such file: make the layers again", e);
    }
  }

  private String name() {
    return FileNames.quote(FileNames.decode(FileNames.bytes(file)));
  }
}
