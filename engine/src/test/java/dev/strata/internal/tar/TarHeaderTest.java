package dev.strata.internal.tar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Digest;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.layering.LayerPath;
import dev.strata.layering.PathOptions;
import dev.strata.layering.Perm;
import dev.strata.layering.Rewrite;
import dev.strata.testing.Streams;
import dev.strata.testing.Table;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class TarHeaderTest {
  private static final int END_OF_ARCHIVE = 1024;
  private static final String SHA256 = "sha256:";

  @TempDir private Path temporary;

  /** An entry from a row of the table, and the header that Go writes for it. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Case(
      char type,
      byte[] name,
      byte[] link,
      String mode,
      long uid,
      long gid,
      String uname,
      String gname,
      long size,
      int headerLength,
      String digest) {
    static Case of(Table.Row row) {
      return new Case(
          row.raw(0).charAt(0),
          row.bytes(1),
          row.bytes(2),
          row.raw(3),
          row.number(4),
          row.number(5),
          row.text(6),
          row.text(7),
          row.number(8),
          row.isError(9) ? -1 : (int) row.number(9),
          SHA256 + row.raw(10));
    }
  }

  static List<Table.Row> entries() {
    return Table.load("headers.tsv");
  }

  static List<Table.Row> smallEntries() {
    return entries().stream()
        .filter(row -> !row.isError(9) && row.number(8) <= 1024)
        .filter(row -> isInt(row.number(4)) && isInt(row.number(5)))
        .toList();
  }

  /** Commons Compress truncates larger ids in GNU headers. */
  private static boolean isInt(long id) {
    return id == (int) id;
  }

  @ParameterizedTest
  @MethodSource("entries")
  void equalsTheHeaderWrittenByGo(Table.Row row) throws Exception {
    Case c = Case.of(row);
    LayerPath path = path(c);
    if (c.headerLength < 0) {
      InvalidInputException e = assertThrows(InvalidInputException.class, () -> Streams.size(path));
      String message = String.valueOf(e.getMessage());
      assertTrue(message.startsWith("no tar format can represent "), message);
      assertEquals(1, message.lines().count());
      return;
    }
    long header = Streams.size(path) - END_OF_ARCHIVE - padded(c.size) - c.headerLength;

    byte[] bytes = Streams.piece(header, c.headerLength, path);

    assertEquals(c.digest, Digest.of(bytes).value());
  }

  @ParameterizedTest
  @MethodSource("smallEntries")
  void isReadByCommonsCompress(Table.Row row) throws Exception {
    Case c = Case.of(row);
    byte[] tar = Streams.tar(path(c));
    TarArchiveEntry last = null;
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(new ByteArrayInputStream(tar), "ISO-8859-1")) {
      for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        last = e;
      }
    }

    if (last == null) {
      throw new AssertionError("no entry");
    }
    assertEquals(Long.parseLong(c.mode, 8) & 0xFFFFFFFFL, last.getMode() & 0xFFFFFFFFL);
    assertEquals(c.uid, last.getLongUserId());
    assertEquals(c.gid, last.getLongGroupId());
    assertEquals(c.size, last.getSize());
    assertEquals(c.type == '5', last.isDirectory());
    assertEquals(c.type == '2', last.isSymbolicLink());
    assertEquals(1, last.getLastModifiedTime().toInstant().getEpochSecond());
    boolean gnu = tar[tar.length - END_OF_ARCHIVE - 512 - (int) padded(c.size) + 262] == ' ';
    assertText(c.name, withoutSlashes(last.getName()), gnu);
    assertText(c.link, last.getLinkName(), gnu);
    assertText(owner(c.uname), last.getUserName(), gnu);
    assertText(owner(c.gname), last.getGroupName(), gnu);
  }

  /** Text is UTF-8 in PAX records, otherwise bytes, which are read as Latin-1. */
  private static void assertText(byte[] expected, String actual, boolean gnu) {
    byte[] wanted = expected.length > 0 && expected[0] == '/' ? tail(expected) : expected;
    boolean ascii = FileNames.isAscii(wanted, wanted.length);
    if (gnu && actual.length() >= 32 && wanted.length > actual.length()) {
      // The GNU format truncates owner names.
      wanted = Arrays.copyOf(wanted, actual.length());
    }
    if (ascii || gnu) {
      assertArrayEquals(wanted, actual.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    } else {
      assertEquals(FileNames.decodeLossy(wanted), actual);
    }
  }

  private static byte[] tail(byte[] path) {
    return Arrays.copyOfRange(path, 1, path.length);
  }

  private static byte[] owner(String name) {
    return FileNames.encode(name.isEmpty() ? "root" : name);
  }

  private static String withoutSlashes(String name) {
    String start = name.startsWith("/") ? name.substring(1) : name;
    return start.endsWith("/") ? start.substring(0, start.length() - 1) : start;
  }

  private LayerPath path(Case c) throws IOException, InterruptedException {
    Path file = temporary.resolve("entry");
    switch (c.type) {
      case '5' -> Files.createDirectory(file);
      case '2' -> link(c.link, file);
      default -> {
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
          sparse.setLength(c.size);
        }
      }
    }
    Rewrite rewrite = new Rewrite("(?s)^.*$", FileNames.decode(c.name));
    Perm perm =
        Perm.of("").withMode(c.mode).withOwner(c.uid, c.gid).withOwnerNames(c.uname, c.gname);
    return new LayerPath(file.toString(), new PathOptions(rewrite, List.of(perm)));
  }

  private static void link(byte[] target, Path link) throws IOException, InterruptedException {
    if (target[target.length - 1] != '/') {
      byte[] below = new byte[target.length + 1];
      below[0] = '/';
      System.arraycopy(target, 0, below, 1, target.length);
      Path absolute = FileNames.path(below);
      Files.createSymbolicLink(link, absolute.subpath(0, absolute.getNameCount()));
      return;
    }
    // A Path cannot end with a slash.
    Process ln =
        new ProcessBuilder("ln", "-s", FileNames.decode(target), link.toString())
            .inheritIO()
            .start();
    assertEquals(0, ln.waitFor());
  }

  private static long padded(long size) {
    return (size + 511) / 512 * 512;
  }
}
