package dev.strata.transport.archive;

import dev.strata.blob.Blobs;
import dev.strata.compress.DecompressingChannel;
import dev.strata.io.CorruptDataException;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.io.MissingDependencyException;
import dev.strata.io.OutputException;
import dev.strata.io.StrataException;
import dev.strata.io.TemporaryName;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * A decompressed copy of an archive that cannot be read in any order: one that is compressed as a
 * whole, or comes through a pipe. The copy is in a file that only this user can read and that has
 * no name, so that none is left however the process ends. Memory is bounded: 128 MiB for the window
 * of zstd or xz, whatever the size. Thread-safe.
 */
final class TemporaryCopy implements ArchiveBytes {
  private static final int TAR_HEADER = 512;

  /** {@code xz -9} needs half of it. */
  private static final int XZ_MEMORY_KIB = 128 << 10;

  private static final Path FOLDER = Path.of(System.getProperty("java.io.tmpdir", "/tmp"));

  /** Not a channel, which the interrupt of one reading thread would close for all. */
  private final RandomAccessFile file;

  private TemporaryCopy(RandomAccessFile file) {
    this.file = file;
  }

  /**
   * Copies an archive, and decompresses it.
   *
   * @param name the quoted name of the archive in messages
   * @param source its bytes; remains open
   * @throws InvalidInputException if it is not a tar archive; noticed at the start, so that no disk
   *     is filled by an endless source
   */
  static TemporaryCopy ofArchive(String name, ReadableByteChannel source) {
    return of(name, source, true);
  }

  /** Copies a layer in an archive, and decompresses it. */
  static TemporaryCopy ofLayer(String name, ReadableByteChannel source) {
    return of(name, source, false);
  }

  private static TemporaryCopy of(String name, ReadableByteChannel source, boolean archive) {
    TemporaryCopy copy = new TemporaryCopy(create(name));
    boolean complete = false;
    try {
      WritableByteChannel target = copy.file.getChannel();
      if (archive) {
        TarCheck check = new TarCheck(name, target);
        decompress(name, source, check);
        check.finish();
      } else {
        decompress(name, source, target);
      }
      complete = true;
      return copy;
    } catch (ClosedByInterruptException _) {
      throw new CancellationException("interrupted");
    } catch (IOException e) {
      throw unwritable(name, e);
    } finally {
      if (!complete) {
        copy.close();
      }
    }
  }

  private static RandomAccessFile create(String name) {
    try {
      return TemporaryName.openUninterruptible(FOLDER);
    } catch (IOException e) {
      throw unwritable(name, e);
    }
  }

  private static OutputException unwritable(String name, IOException e) {
    return new OutputException(
        "cannot keep "
            + name
            + " in the temporary folder "
            + FileNames.quote(FileNames.decode(FileNames.bytes(FOLDER)))
            + ": "
            + e.getMessage()
            + "; make room there, or store the archive decompressed in a file",
        e);
  }

  /** Copies a source to a target; only failures of the target are IOExceptions. */
  private static void decompress(
      String name, ReadableByteChannel source, WritableByteChannel target) throws IOException {
    ByteBuffer start = ByteBuffer.allocate(Packing.MAGIC_SIZE);
    fill(name, source, start);
    Packing packing = Packing.detect(start.array(), start.position());
    start.flip();
    if (packing == Packing.XZ || packing == Packing.BZIP2) {
      try (InputStream plain = decompressor(name, packing, new Rest(start, source))) {
        Blobs.copy(Channels.newChannel(plain), target, e -> corrupt(name, e));
      }
      return;
    }
    try (DecompressingChannel channel =
        new DecompressingChannel(
            target, problem -> new CorruptDataException("cannot read " + name + ": " + problem))) {
      channel.write(start);
      Blobs.copy(source, channel, e -> unreadable(name, e));
      channel.finish();
    }
  }

  private static void fill(String name, ReadableByteChannel source, ByteBuffer target) {
    try {
      while (target.hasRemaining() && source.read(target) >= 0) {
        // Keep reading.
      }
    } catch (ClosedByInterruptException _) {
      throw new CancellationException("interrupted");
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private static InputStream decompressor(
      String name, Packing packing, ReadableByteChannel source) {
    InputStream in = Channels.newInputStream(source);
    try {
      boolean allStreams = true;
      return packing == Packing.XZ
          ? XZCompressorInputStream.builder()
              .setInputStream(in)
              .setDecompressConcatenated(allStreams)
              .setMemoryLimitKiB(XZ_MEMORY_KIB)
              .get()
          : new BZip2CompressorInputStream(in, allStreams);
    } catch (IOException e) {
      throw corrupt(name, e);
    } catch (NoClassDefFoundError e) {
      throw new MissingDependencyException(
          "cannot read " + name + ": org.tukaani:xz is not on the class path; add it", e);
    }
  }

  private static StrataException unreadable(String name, IOException e) {
    return new StrataException("cannot read " + name + ": " + e.getMessage(), e);
  }

  private static StrataException corrupt(String name, IOException e) {
    // The libraries have no message, or different ones, for data that ends early.
    String problem = e instanceof EOFException ? "its compressed data ends early" : e.getMessage();
    return new CorruptDataException(
        "cannot decompress " + name + ": " + problem + "; create it again", e);
  }

  @Override
  public SeekableByteChannel open(long offset, long size) {
    return new RangeChannel(this::read, offset, offset + size);
  }

  private int read(ByteBuffer target, long position) throws IOException {
    synchronized (file) {
      file.seek(position);
      int n =
          file.read(target.array(), target.arrayOffset() + target.position(), target.remaining());
      target.position(target.position() + Math.max(0, n));
      return n;
    }
  }

  @Override
  public long size() throws IOException {
    return file.length();
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException _) {
      // Nothing is lost: the file is not needed any more.
    }
  }

  /** What has been read already, and then the rest. */
  private record Rest(ByteBuffer start, ReadableByteChannel source) implements ReadableByteChannel {
    @Override
    public int read(ByteBuffer target) throws IOException {
      if (!start.hasRemaining()) {
        return source.read(target);
      }
      int n = Math.min(start.remaining(), target.remaining());
      target.put(start.slice(start.position(), n));
      start.position(start.position() + n);
      return n;
    }

    @Override
    public boolean isOpen() {
      return source.isOpen();
    }

    @Override
    public void close() {}
  }

  /** Checks the first header of a tar archive before it passes it on. */
  private static final class TarCheck implements WritableByteChannel {
    private final String name;
    private final WritableByteChannel target;
    private final ByteBuffer header = ByteBuffer.allocate(TAR_HEADER);

    TarCheck(String name, WritableByteChannel target) {
      this.name = name;
      this.target = target;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int count = bytes.remaining();
      while (header.hasRemaining() && bytes.hasRemaining()) {
        header.put(bytes.get());
        if (!header.hasRemaining()) {
          check();
          Blobs.writeFully(target, header.duplicate().flip());
        }
      }
      Blobs.writeFully(target, bytes);
      return count;
    }

    private void check() {
      if (!isTarHeader(header.array())) {
        throw new InvalidInputException(
            "cannot read " + name + " as a tar file: it does not begin with a tar header");
      }
    }

    private static boolean isTarHeader(byte[] block) {
      try {
        return TarUtils.verifyCheckSum(block);
      } catch (IllegalArgumentException _) {
        // The field of the checksum does not contain a number.
        return false;
      }
    }

    void finish() {
      if (header.hasRemaining()) {
        throw new InvalidInputException(
            "cannot read "
                + name
                + " as a tar file: it has only "
                + header.position()
                + " bytes; check the program that writes it");
      }
    }

    @Override
    public boolean isOpen() {
      return target.isOpen();
    }

    @Override
    public void close() {}
  }
}
