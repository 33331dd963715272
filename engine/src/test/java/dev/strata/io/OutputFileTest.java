package dev.strata.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strata.testing.Failures;
import dev.strata.testing.OrdinaryUser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutputFileTest {
  @TempDir private Path temporary;

  @Test
  void appearsWithTheCommitAndNotBefore() throws IOException {
    Path file = temporary.resolve("out");
    try (OutputFile out = OutputFile.open(file)) {
      write(out, "new");
      assertFalse(Files.exists(file));
      out.commit();
    }

    assertEquals("new", Files.readString(file));
    assertEquals(List.of("out"), names());
  }

  @Test
  void leavesWhatWasThereUnlessCommitted() throws IOException {
    Path file = Files.writeString(temporary.resolve("out"), "old");
    try (OutputFile out = OutputFile.open(file)) {
      write(out, "new");
    }

    assertEquals("old", Files.readString(file));
    assertEquals(List.of("out"), names());
  }

  @Test
  void replacesWhatWasThere() throws IOException {
    Path file = Files.writeString(temporary.resolve("out"), "old and longer");

    OutputFile.write(file, "new".getBytes(UTF_8));

    assertEquals("new", Files.readString(file));
    assertEquals(List.of("out"), names());
  }

  @Test
  void writesAnEmptyFile() throws IOException {
    OutputFile.write(temporary.resolve("out"), new byte[0]);

    assertEquals(0, Files.size(temporary.resolve("out")));
  }

  @Test
  void followsASymbolicLink() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("folder"));
    Path target = Files.writeString(folder.resolve("target"), "old");
    Path link = Files.createSymbolicLink(temporary.resolve("link"), Path.of("folder/target"));

    OutputFile.write(link, "new".getBytes(UTF_8));

    assertTrue(Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(target));
    assertEquals(List.of("folder", "link"), names());
  }

  @Test
  void followsSymbolicLinksToAFileThatIsNotThereYet() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("folder"));
    Path second = Files.createSymbolicLink(folder.resolve("second"), Path.of("target"));
    Path first = Files.createSymbolicLink(temporary.resolve("first"), Path.of("folder/second"));

    OutputFile.write(first, "new".getBytes(UTF_8));

    assertTrue(Files.isSymbolicLink(first) && Files.isSymbolicLink(second));
    assertEquals("new", Files.readString(folder.resolve("target")));
  }

  @Test
  void refusesSymbolicLinksInACircle() throws IOException {
    Path a = Files.createSymbolicLink(temporary.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(temporary.resolve("b"), Path.of("a"));

    Failures.assertFails(() -> OutputFile.open(a), "'" + a + "'", "loop");
    assertEquals(List.of("a", "b"), names());
  }

  @Test
  void takesANameInTheEnd() throws IOException {
    Path file = temporary.resolve("named");
    try (OutputFile out = OutputFile.openIn(temporary)) {
      write(out, "content");
      out.commitAs(file);
    }

    assertEquals("content", Files.readString(file));
    assertEquals(List.of("named"), names());
  }

  @Test
  void writesWhatIsNoRegularFileAsItStands() throws IOException {
    Path device = Path.of("/dev/null");
    assumeTrue(Files.exists(device), "needs /dev/null");

    OutputFile.write(device, "anything".getBytes(UTF_8));

    assertFalse(Files.isRegularFile(device));
  }

  @Test
  void saysThatTheDiskIsFull() {
    Path full = Path.of("/dev/full");
    assumeTrue(Files.exists(full), "needs /dev/full");

    Failures.assertFails(
        () -> OutputFile.write(full, new byte[] {1}), "'/dev/full'", "the disk is full");
  }

  @Test
  void namesTheFolderThatIsNotThere() {
    Path folder = temporary.resolve("missing");
    Path file = folder.resolve("out");

    Failures.assertFails(
        () -> OutputFile.open(file), "'" + file + "'", "'" + folder + "' does not exist");
    Failures.assertFails(() -> OutputFile.openIn(folder), "'" + folder + "' does not exist");
  }

  @Test
  void refusesAFolderAsAFile() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("folder"));

    Failures.assertFails(() -> OutputFile.open(folder), "'" + folder + "'", "is a directory");
    assertEquals(List.of("folder"), names());
  }

  @Test
  void refusesAFileAsAFolder() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "x");

    Failures.assertFails(() -> OutputFile.open(file.resolve("out")), "'" + file + "/out'");
  }

  @Test
  void refusesAFolderThatMayNotBeWritten() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("folder"));
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));

    OrdinaryUser.run(
        temporary,
        () ->
            Failures.assertFails(
                () -> OutputFile.open(folder.resolve("out")),
                folder.toString(),
                "permission denied"));
  }

  @Test
  void takesANameThatIsNotUtf8() throws IOException {
    Path file = FileNames.path(temporary + "/" + FileNames.decode(new byte[] {'x', (byte) 0xFF}));

    OutputFile.write(file, "x".getBytes(UTF_8));

    assertEquals("x", Files.readString(file));
  }

  @Test
  void showsAHostileNameOnOneLine() {
    Path file = temporary.resolve("a\nb").resolve("out");

    Failures.assertFails(() -> OutputFile.open(file), "a\\x0Ab/out'");
  }

  private static void write(OutputFile out, String text) {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(UTF_8));
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(temporary)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
