package dev.strata.internal.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.io.FileNames;
import dev.strata.io.NotFoundException;
import dev.strata.testing.FileModes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ListingRecordTest {
  private static final List<String> WAYS = List.of("nio", "native");

  @TempDir private Path temporary = Path.of("");
  private Path folder = Path.of("");

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectory(temporary.toRealPath().resolve("folder"));
    Files.writeString(folder.resolve("file"), "content");
    Files.createSymbolicLink(folder.resolve("link"), Path.of("file"));
    Files.createDirectory(folder.resolve("directory"));
    Files.writeString(folder.resolve("r\u00e9sum\u00e9 \n"), "");
  }

  private byte[] record(String way) {
    byte[] path = FileNames.bytes(folder);
    return FileModes.with(
        way,
        () -> {
          try (SourceFiles files = SourceFiles.open()) {
            Listing listing = Listing.withTimes();
            files.list(path, path.length, listing);
            return ListingRecord.of(listing);
          }
        });
  }

  private boolean isAsRecorded(String way, byte[] record) {
    byte[] path = FileNames.bytes(folder);
    byte[] all = new byte[record.length + 20];
    System.arraycopy(record, 0, all, 10, record.length);
    return FileModes.with(
        way,
        () -> {
          try (SourceFiles files = SourceFiles.open()) {
            return files.isAsRecorded(path, path.length, all, 10, 10 + record.length);
          }
        });
  }

  @Test
  void anUnchangedFolderIsAsRecorded() throws IOException {
    for (int files = 0; files < 3; files++) {
      byte[] record = record("nio");
      assertArrayEquals(record, record("native"));
      for (String way : WAYS) {
        assertTrue(isAsRecorded(way, record), way);
      }
      // More than the kernel returns at once.
      for (int i = 0; i < 300; i++) {
        Path file = folder.resolve("x".repeat(i % 250) + files + "-" + i);
        if (i % 3 == 0) {
          Files.createSymbolicLink(file, Path.of("y".repeat(1 + i)));
        } else {
          Files.createFile(file);
        }
      }
    }
    Path empty = Files.createDirectory(temporary.resolve("empty"));
    folder = empty;
    for (String way : WAYS) {
      assertTrue(isAsRecorded(way, record(way)), way);
    }
  }

  /** A change of a folder. */
  private interface Change {
    void make() throws IOException;
  }

  private void assertNoticed(String what, Change change) throws IOException {
    byte[] before = record("nio");
    change.make();
    for (String way : WAYS) {
      assertFalse(isAsRecorded(way, before), what + ", " + way);
    }
    assertArrayEquals(record("nio"), record("native"), what);
  }

  @Test
  void everyChangeIsNoticed() throws Exception {
    Path file = folder.resolve("file");
    Path link = folder.resolve("link");
    assertNoticed("a new file", () -> Files.createFile(folder.resolve("a")));
    assertNoticed("a removed file", () -> Files.delete(folder.resolve("a")));
    Thread.sleep(20);
    assertNoticed("the same size", () -> Files.writeString(file, "CONTENT"));
    assertNoticed("another size", () -> Files.writeString(file, "x"));
    assertNoticed("another mode", () -> Files.setAttribute(file, "unix:mode", 0600));
    assertNoticed("another name", () -> Files.move(file, folder.resolve("flie")));
    assertNoticed("the name again", () -> Files.move(folder.resolve("flie"), file));
    assertNoticed("a longer name", () -> Files.move(file, folder.resolve("file2")));
    assertNoticed("a shorter name", () -> Files.move(folder.resolve("file2"), file));
    assertNoticed("a longer name of a link", () -> Files.move(link, folder.resolve("link2")));
    assertNoticed("a shorter name of a link", () -> Files.move(folder.resolve("link2"), link));
    assertNoticed(
        "another target",
        () -> {
          Files.delete(link);
          Files.createSymbolicLink(link, Path.of("elif"));
        });
    assertNoticed(
        "a longer target",
        () -> {
          Files.delete(link);
          Files.createSymbolicLink(link, Path.of("elif2"));
        });
    assertNoticed(
        "a file instead of a link",
        () -> {
          Files.delete(link);
          Files.writeString(link, "elif2");
        });
    assertNoticed(
        "a link instead of a file",
        () -> {
          Files.delete(file);
          Files.createSymbolicLink(file, Path.of("x"));
        });
    assertNoticed(
        "a directory instead of a link",
        () -> {
          Files.delete(file);
          Files.createDirectory(file);
        });
    Thread.sleep(20);
    assertNoticed(
        "a file in a directory", () -> Files.createFile(folder.resolve("directory/file")));
    assertNoticed(
        "all removed",
        () -> {
          try (Stream<Path> all = Files.walk(folder)) {
            List<Path> files = all.sorted(Comparator.reverseOrder()).toList();
            for (Path path : files.subList(0, files.size() - 1)) {
              Files.delete(path);
            }
          }
        });
    assertEquals(0, record("native").length);
  }

  @Test
  void anyOtherAttributeIsNoticed() throws IOException {
    Files.delete(folder.resolve("link"));
    byte[] record = record("native");
    ByteBuffer fields = ByteBuffer.wrap(record).order(ByteOrder.nativeOrder());
    int end = 0;
    for (int start = 0; start < record.length; start = end) {
      end = start + ListingRecord.NAME_AT + fields.getInt(start);
      for (int i = start + ListingRecord.MODE_AT; i < end; i++) {
        byte[] changed = record.clone();
        changed[i] ^= 1;
        for (String way : WAYS) {
          assertFalse(isAsRecorded(way, changed), way + ", byte " + i);
        }
      }
    }
    for (String way : WAYS) {
      assertFalse(isAsRecorded(way, new byte[0]), way);
    }
  }

  @Test
  void aMissingFolderIsReported() {
    byte[] path = "/nowhere/at/all".getBytes(StandardCharsets.US_ASCII);
    for (String way : WAYS) {
      FileModes.with(
          way,
          () -> {
            try (SourceFiles files = SourceFiles.open()) {
              return assertThrows(
                  NotFoundException.class,
                  () -> files.isAsRecorded(path, path.length, new byte[0], 0, 0));
            }
          });
    }
  }
}
