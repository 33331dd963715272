package dev.strata.transport.archive;

import dev.strata.blob.Blob;
import dev.strata.blob.CountingChannel;
import dev.strata.internal.tar.PaxRecord;
import dev.strata.io.StrataException;
import dev.strata.transport.Transfer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipEncoding;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;

/**
 * The tar around the blobs of an archive. Every header says the same but for name and size: root
 * owns all, nothing has a time. Names are ASCII; one that a header has no room for, such as that of
 * a blob with a SHA-512 digest, stands in a PAX header before it (POSIX.1-2001, {@code pax}). The
 * data goes from the blob to the channel without a copy. Not thread-safe.
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

  /** Adds a directory, unless it is there. */
  void directory(String name) throws IOException {
    if (names.add(name)) {
      TarArchiveEntry entry = new TarArchiveEntry(name + "/", TarConstants.LF_DIR);
      entry.setMode(DIRECTORY_MODE);
      header(entry);
    }
  }

  /** Adds a small file. */
  void file(String name, byte[] bytes) throws IOException {
    if (names.add(name)) {
      fileHeader(name, bytes.length);
      writeAll(ByteBuffer.wrap(bytes));
      pad(bytes.length);
    }
  }

  /** Adds a blob, unless a file of that name is there. */
  void file(String name, Blob blob) throws IOException {
    if (!names.add(name)) {
      return;
    }
    listener.started(blob);
    long size = blob.descriptor().size();
    fileHeader(name, size);
    CountingChannel counting = new CountingChannel(target, n -> listener.advanced(blob, n));
    blob.writeTo(counting);
    if (counting.count() != size) {
      throw new StrataException(
          "the blob "
              + blob.descriptor().digest()
              + " has "
              + counting.count()
              + " bytes, not the recorded "
              + size
              + ": build the layers again");
    }
    pad(size);
    listener.finished(blob, blob.descriptor());
  }

  /** Ends the archive with two empty blocks, as POSIX has it. */
  void finish() throws IOException {
    writeAll(ByteBuffer.allocate(2 * BLOCK));
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
    writeAll(ByteBuffer.wrap(record));
    pad(record.length);
  }

  private void header(TarArchiveEntry entry) throws IOException {
    // commons-compress fills in the user who runs the program and the time of day.
    entry.setIds(0, 0);
    entry.setNames("", "");
    entry.setModTime(0L);
    byte[] header = new byte[BLOCK];
    boolean binaryNumbersForLargeFiles = true;
    entry.writeEntryHeader(header, ASCII, binaryNumbersForLargeFiles);
    writeAll(ByteBuffer.wrap(header));
  }

  private void pad(long size) throws IOException {
    writeAll(ByteBuffer.allocate((int) (-size & BLOCK - 1)));
  }

  private void writeAll(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      target.write(bytes);
    }
  }
}
