package dev.strata.transport.archive;

import dev.strata.blob.Blob;
import dev.strata.blob.Blobs;
import dev.strata.blob.CountingChannel;
import dev.strata.blob.PendingBlob;
import dev.strata.internal.tar.PaxRecord;
import dev.strata.io.CorruptDataException;
import dev.strata.transport.Transfer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongConsumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipEncoding;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;

/**
 * Writes the tar format of an archive. All headers are alike but for name and size: everything
 * belongs to root, and no entry has a modification time. Names are ASCII; one that does not fit
 * into a header, such as that of a blob with a SHA-512 digest, is in a PAX header before it
 * (POSIX.1-2001, {@code pax}). Blobs stream straight to the channel. Not thread-safe.
 */
final class ArchiveTar {
  private static final int BLOCK = 512;
  private static final int FILE_MODE = 0444;
  private static final int DIRECTORY_MODE = 0755;
  private static final ZipEncoding ASCII = ZipEncodingHelper.getZipEncoding("US-ASCII");

  private final WritableByteChannel target;
  private final Transfer.Listener listener;
  private final Set<String> names = new HashSet<>();

  ArchiveTar(WritableByteChannel target, Transfer.Listener listener) {
    this.target = target;
    this.listener = listener;
  }

  /** Adds a directory, unless there is one with that name. */
  void directory(String name) throws IOException {
    if (names.add(name)) {
      TarArchiveEntry entry = new TarArchiveEntry(name + "/", TarConstants.LF_DIR);
      entry.setMode(DIRECTORY_MODE);
      header(entry);
    }
  }

  /** Adds a small file, unless there is one with that name. */
  void file(String name, byte[] bytes) throws IOException {
    if (names.add(name)) {
      fileHeader(name, bytes.length);
      Blobs.writeFully(target, ByteBuffer.wrap(bytes));
      pad(bytes.length);
    }
  }

  /** Adds a blob as a file, unless there is one with that name. */
  void file(String name, Blob blob) throws IOException {
    if (!names.add(name)) {
      return;
    }
    listener.started(blob);
    contents(name, blob, n -> listener.advanced(blob, n));
    listener.finished(blob, blob.descriptor());
  }

  /**
   * Adds a blob as a file, unless there is one with that name. One whose size is not known yet is
   * kept in a temporary file meanwhile: the header of its entry states the size. Reading it twice
   * instead would download a layer of a registry twice.
   */
  void file(String name, Blob blob, ArchiveSpool spool) throws IOException {
    if (PendingBlob.known(blob).isPresent()) {
      file(name, blob);
    } else if (names.add(name)) {
      listener.started(blob);
      spool.settle(
          blob, n -> listener.advanced(blob, n), settled -> contents(name, settled, _ -> {}));
      listener.finished(blob, blob.descriptor());
    }
  }

  private void contents(String name, Blob blob, LongConsumer advanced) throws IOException {
    long size = blob.descriptor().size();
    fileHeader(name, size);
    CountingChannel counting = new CountingChannel(target, advanced);
    blob.writeTo(counting);
    if (counting.count() != size) {
      throw new CorruptDataException(
          "the blob "
              + blob.descriptor().digest()
              + " has "
              + counting.count()
              + " bytes instead of the recorded "
              + size
              + "; build the image again");
    }
    pad(size);
  }

  /** Ends the archive with two empty blocks, as POSIX requires. */
  void finish() throws IOException {
    Blobs.writeFully(target, ByteBuffer.allocate(2 * BLOCK));
  }

  private void fileHeader(String name, long size) throws IOException {
    if (name.length() > TarConstants.NAMELEN) {
      paxHeader(name);
    }
    TarArchiveEntry entry = new TarArchiveEntry(name);
    entry.setMode(FILE_MODE);
    entry.setSize(size);
    header(entry);
  }

  private void paxHeader(String name) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PaxRecord.write("path", name.getBytes(StandardCharsets.US_ASCII), out);
    byte[] record = out.toByteArray();
    TarArchiveEntry entry =
        new TarArchiveEntry("PaxHeaders.0/" + name, TarConstants.LF_PAX_EXTENDED_HEADER_LC);
    entry.setMode(FILE_MODE);
    entry.setSize(record.length);
    header(entry);
    Blobs.writeFully(target, ByteBuffer.wrap(record));
    pad(record.length);
  }

  private void header(TarArchiveEntry entry) throws IOException {
    // By default, commons-compress writes the current user and time.
    entry.setIds(0, 0);
    entry.setNames("", "");
    entry.setModTime(0L);
    byte[] header = new byte[BLOCK];
    boolean binaryNumbersForLargeFiles = true;
    entry.writeEntryHeader(header, ASCII, binaryNumbersForLargeFiles);
    Blobs.writeFully(target, ByteBuffer.wrap(header));
  }

  private void pad(long size) throws IOException {
    Blobs.writeFully(target, ByteBuffer.allocate((int) (-size & BLOCK - 1)));
  }
}
