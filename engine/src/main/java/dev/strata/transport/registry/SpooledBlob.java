package dev.strata.transport.registry;

import dev.strata.blob.Blob;
import dev.strata.blob.Blobs;
import dev.strata.blob.Descriptor;
import dev.strata.blob.HashingCopy;
import dev.strata.io.CorruptDataException;
import dev.strata.io.FileNames;
import dev.strata.io.OutputException;
import dev.strata.io.StrataException;
import dev.strata.io.TemporaryName;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a blob in a temporary file, which only the user can read and which has no name, so
 * that none is left however the process ends. For registries that have to know the size of a
 * request before its bytes. Read by one thread at a time.
 */
final class SpooledBlob implements Blob, Closeable {
  private static final int PIECE = 128 << 10;

  // Not a channel: an interrupt of the reader would close it.
  private final RandomAccessFile file;
  private final Descriptor descriptor;

  private SpooledBlob(RandomAccessFile file, Descriptor descriptor) {
    this.file = file;
    this.descriptor = descriptor;
  }

  /**
   * Writes a blob to a temporary file.
   *
   * @param folder the folder of the file
   */
  static SpooledBlob of(Blob blob, Path folder) {
    RandomAccessFile file = create(folder);
    boolean done = false;
    try {
      blob.writeTo(new FileTarget(file));
      SpooledBlob spooled = new SpooledBlob(file, blob.descriptor());
      done = true;
      return spooled;
    } catch (IOException e) {
      throw failure(folder, e);
    } finally {
      if (!done) {
        closeQuietly(file);
      }
    }
  }

  private static RandomAccessFile create(Path folder) {
    try {
      return TemporaryName.openUninterruptible(folder);
    } catch (IOException e) {
      throw failure(folder, e);
    }
  }

  private static OutputException failure(Path folder, IOException e) {
    return new OutputException(
        "cannot write a temporary file in "
            + FileNames.quote(FileNames.decode(FileNames.bytes(folder)))
            + ": "
            + e.getMessage()
            + "; set TMPDIR to another folder",
        e);
  }

  @Override
  public Descriptor descriptor() {
    return descriptor;
  }

  @Override
  public void writeTo(WritableByteChannel target) throws IOException {
    HashingCopy copy = new HashingCopy(target, descriptor, this::corrupt);
    byte[] piece = new byte[PIECE];
    for (int n = read(piece, true); n >= 0; n = read(piece, false)) {
      Blobs.writeFully(copy, ByteBuffer.wrap(piece, 0, n));
    }
    copy.check();
  }

  private int read(byte[] piece, boolean first) {
    try {
      if (first) {
        file.seek(0);
      }
      return file.read(piece);
    } catch (IOException e) {
      throw new StrataException("cannot read a temporary file: " + e.getMessage(), e);
    }
  }

  private CorruptDataException corrupt(String problem) {
    return new CorruptDataException("cannot use a temporary file: " + problem + "; check the disk");
  }

  @Override
  public void close() {
    closeQuietly(file);
  }

  private static void closeQuietly(@Nullable Closeable file) {
    if (file != null) {
      try {
        file.close();
      } catch (IOException _) {
        // The file has no name and is not needed any more.
      }
    }
  }

  private record FileTarget(RandomAccessFile file) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int n = bytes.remaining();
      if (bytes.hasArray()) {
        file.write(bytes.array(), bytes.arrayOffset() + bytes.position(), n);
        bytes.position(bytes.limit());
      } else {
        byte[] copy = new byte[n];
        bytes.get(copy);
        file.write(copy);
      }
      return n;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
