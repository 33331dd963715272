package dev.strata.transport.archive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.io.InvalidInputException;
import dev.strata.io.PlainText;
import dev.strata.testing.Failures;
import dev.strata.testing.Growth;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TarEntriesTest {
  private static final long THREE_GB = 3_000_000_000L;
  private static final int BLOCK = 512;

  /** The start of a PAX header that consists of one record. */
  private static final byte[] ONE_RECORD = "2000000000 path=".getBytes(UTF_8);

  @TempDir private Path temporary;

  /** Returns a header that announces contents of a size. */
  private static byte[] header(String name, char type, long size) {
    TarArchiveEntry entry = new TarArchiveEntry(name, (byte) type);
    entry.setSize(size);
    byte[] block = new byte[BLOCK];
    entry.writeEntryHeader(block);
    return block;
  }

  private static byte[] padded(String text) {
    byte[] bytes = text.getBytes(UTF_8);
    return java.util.Arrays.copyOf(bytes, (bytes.length + BLOCK - 1) / BLOCK * BLOCK);
  }

  private static String record(String key, String value) {
    String rest = " " + key + "=" + value + "\n";
    int length = rest.length() + 1;
    while (("" + length).length() + rest.length() != length) {
      length = ("" + length).length() + rest.length();
    }
    return length + rest;
  }

  /** A stream of the letter {@code a}, which counts what is read of it. */
  private static final class Letters extends InputStream {
    private long left;
    private long count;

    Letters(long size) {
      left = size;
    }

    @Override
    public int read() {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      int n = (int) Math.min(left, length);
      java.util.Arrays.fill(bytes, offset, offset + n, (byte) 'a');
      left -= n;
      count += n;
      return n == 0 ? -1 : n;
    }
  }

  @ParameterizedTest
  @ValueSource(chars = {'L', 'K', 'x', 'g'})
  void refusesALargeHeaderWithoutReadingIt(char type) throws IOException {
    Letters name = new Letters(THREE_GB);
    ByteArrayOutputStream start = new ByteArrayOutputStream();
    start.writeBytes(header("x", type, THREE_GB));
    start.writeBytes(type == 'x' || type == 'g' ? ONE_RECORD : new byte[0]);
    InputStream in = new SequenceInputStream(new ByteArrayInputStream(start.toByteArray()), name);

    try (TarEntries entries = TarEntries.of(in)) {
      IOException failure = assertThrows(IOException.class, entries::next);
      assertTrue(failure.getMessage().contains("more than 1 MiB"), failure.getMessage());
    }
    assertTrue(name.count <= 1 << 20, "read " + name.count);
  }

  @ParameterizedTest
  @ValueSource(chars = {'L', 'K', 'x', 'g'})
  void refusesALargeHeaderInAnArchive(char type) throws IOException {
    Path file = temporary.resolve("archive.tar");
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      out.write(ByteBuffer.wrap(header("x", type, THREE_GB)));
      out.write(ByteBuffer.wrap(type == 'x' || type == 'g' ? ONE_RECORD : new byte[0]));
      // Has no blocks on the disk.
      out.write(ByteBuffer.wrap(new byte[1]), THREE_GB + 2 * BLOCK);
    }

    Failures.assertFails(
        () -> ArchiveIndex.read(file), "'" + file + "'", "headers of an entry", "1 MiB");
  }

  @ParameterizedTest
  @ValueSource(strings = {"L", "K", "LK", "xL"})
  void refusesAChainOfHeaders(String types) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < 20_000; i++) {
      char type = types.charAt(i % types.length());
      byte[] content = padded(type == 'x' ? record("mtime", "1") : "name");
      out.writeBytes(header("x", type, type == 'x' ? record("mtime", "1").length() : 4));
      out.writeBytes(content);
    }
    out.writeBytes(header("file", '0', 0));

    try (TarEntries entries = TarEntries.of(new ByteArrayInputStream(out.toByteArray()))) {
      assertThrows(IOException.class, entries::next);
    }
  }

  @Test
  void refusesGlobalHeadersThatAddUp() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < 40; i++) {
      String text = record("key" + i, "v".repeat(50_000));
      out.writeBytes(header("pax", 'g', text.length()));
      out.writeBytes(padded(text));
      out.writeBytes(header("file" + i, '0', 0));
    }

    try (TarEntries entries = TarEntries.of(new ByteArrayInputStream(out.toByteArray()))) {
      IOException failure =
          assertThrows(
              IOException.class,
              () -> {
                while (entries.next() != null) {
                  // Reads on.
                }
              });
      assertTrue(failure.getMessage().contains("global headers"), failure.getMessage());
    }
  }

  private Path archive(long contentSize) throws IOException {
    Path file = temporary.resolve("archive.tar");
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long at = 0;
      for (byte[] block :
          List.of(
              header("first", '0', contentSize),
              header("link", '2', 0),
              header("last", '0', 3),
              padded("end"),
              new byte[2 * BLOCK])) {
        out.write(ByteBuffer.wrap(block), at);
        at += block.length + (at == 0 ? contentSize : 0);
      }
    }
    return file;
  }

  @Test
  void readsNoContentsOfAFile() throws IOException {
    Path file = archive(THREE_GB / BLOCK * BLOCK);
    List<String> names = new ArrayList<>();
    try (Counting channel = new Counting(FileChannel.open(file));
        TarEntries entries = TarEntries.of(channel)) {
      for (TarArchiveEntry e = entries.next(); e != null; e = entries.next()) {
        names.add(e.getName() + " " + e.getSize());
        assertEquals(names.size() == 1 ? BLOCK : 0, names.size() == 1 ? entries.offset() : 0);
      }
      assertTrue(channel.count <= 10 * BLOCK, "read " + channel.count);
    }

    assertEquals(List.of("first " + THREE_GB / BLOCK * BLOCK, "link 0", "last 3"), names);
    assertEquals("end", new String(ArchiveIndex.read(file).bytes("last"), UTF_8));
  }

  @Test
  void seesThatAnArchiveIsCutOff() throws IOException {
    Path file = archive(4 * BLOCK);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(3 * BLOCK);
    }

    Failures.assertFails(() -> ArchiveIndex.read(file), "'" + file + "'", "Truncated");
  }

  @Test
  void readsLongNamesAndContents() throws IOException {
    String name = "folder/".repeat(200) + "file";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8")) {
      for (int mode :
          new int[] {TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX}) {
        tar.setLongFileMode(mode);
        TarArchiveEntry entry = new TarArchiveEntry(name + mode);
        entry.setSize(600);
        tar.putArchiveEntry(entry);
        tar.write(new byte[600]);
        tar.closeArchiveEntry();
      }
    }

    try (TarEntries entries = TarEntries.of(new ByteArrayInputStream(out.toByteArray()))) {
      TarArchiveEntry first = Objects.requireNonNull(entries.next());
      assertEquals(name + TarArchiveOutputStream.LONGFILE_GNU, first.getName());
      assertEquals(600, entries.content().readAllBytes().length);
      assertNotNull(entries.next());
      assertNull(entries.next());
    }
  }

  @Test
  void refusesASparseFileInAnArchive() throws IOException {
    Path file = temporary.resolve("archive.tar");
    byte[] sparse = header("blob", (char) TarConstants.LF_GNUTYPE_SPARSE, 0);
    Files.write(file, java.util.Arrays.copyOf(sparse, 3 * BLOCK));

    Failures.assertFails(() -> ArchiveIndex.read(file), "'" + file + "'", "'blob'", "sparse");
  }

  @Test
  void namesWithManyPartsTakeLinearTime() {
    Growth.assertLinear(
        20_000,
        n -> "a/".repeat(n) + String.join("/", Collections.nCopies(n, "..")) + "/x/./y//",
        name -> assertEquals("x/y", ArchiveNames.normalized(name)));
    assertEquals("etc/passwd", ArchiveNames.normalized("../../etc/./passwd"));
    assertEquals("", ArchiveNames.normalized("/.."));
  }

  @Test
  void doesNotFollowPathsThatAreLongerThanThoseOfLinux() throws IOException {
    byte[] archive = linked("deep");
    try (TarEntries entries = TarEntries.of(new ByteArrayInputStream(archive))) {
      ArchiveNames names = ArchiveNames.of(entries);
      assertNotNull(names.find("link/file"));
      Growth.assertLinear(
          100_000, n -> "link/" + "a/".repeat(n) + "file", path -> assertNull(names.find(path)));
    }
  }

  /** An archive of a file in a folder, and a link to this folder. */
  private static byte[] linked(String folder) {
    TarArchiveEntry entry = new TarArchiveEntry("link", TarConstants.LF_SYMLINK);
    entry.setLinkName(folder);
    byte[] link = new byte[BLOCK];
    entry.writeEntryHeader(link);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(link);
    out.writeBytes(header(folder + "/file", '0', 0));
    out.writeBytes(new byte[2 * BLOCK]);
    return out.toByteArray();
  }

  @Test
  void quotesLittleOfAHostileHeader() throws IOException {
    String size = record("size", "\u001b[31m" + "9".repeat(5_000));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(header("pax", 'x', size.length()));
    out.writeBytes(padded(size));
    out.writeBytes(header("file", '0', 0));
    Path file = Files.write(temporary.resolve("archive.tar"), out.toByteArray());

    InvalidInputException failure =
        assertThrows(InvalidInputException.class, () -> ArchiveIndex.read(file));
    String message = String.valueOf(failure.getMessage());
    assertTrue(message.length() < 300 + file.toString().length(), message);
    assertTrue(message.codePoints().noneMatch(PlainText::isHidden), message);
  }

  @Test
  void refusesAnArchiveWithTooManyFiles() throws IOException {
    Path file = temporary.resolve("archive.tar");
    byte[] block = header("f", '0', 0);
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer many = ByteBuffer.allocate(BLOCK * 1_000);
      for (int i = 0; i < 1_000; i++) {
        many.put(block);
      }
      for (int i = 0; i < 340; i++) {
        out.write(many.flip());
      }
    }

    Failures.assertFails(() -> ArchiveIndex.read(file), "'" + file + "'", "too many files");
  }

  /** Counts the bytes that are read of a file. */
  private static final class Counting implements SeekableByteChannel {
    private final FileChannel file;
    private long count;

    Counting(FileChannel file) {
      this.file = file;
    }

    @Override
    public int read(ByteBuffer bytes) throws IOException {
      int n = file.read(bytes);
      count += n;
      return n;
    }

    @Override
    public int write(ByteBuffer bytes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long position() throws IOException {
      return file.position();
    }

    @Override
    public SeekableByteChannel position(long to) throws IOException {
      file.position(to);
      return this;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
      return file.isOpen();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
