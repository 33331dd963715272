package dev.strata.io;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.strata.testing.Failures;
import dev.strata.testing.Tools;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Modes and owners of output files, temporary files and caches. */
final class OutputFileModeTest {
  private static final int SOMEONE = 12_345;
  private static final int ANOTHER = 54_321;

  @TempDir private Path temporary;

  @BeforeEach
  void requireUnix() {
    assumeTrue(UnixFile.isSupported(temporary), "needs a file system with Unix modes");
  }

  private static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }

  private static String mode(Path file) throws IOException {
    return "%04o".formatted(UnixFile.of(file, LinkOption.NOFOLLOW_LINKS).mode() & 07777);
  }

  private static void setMode(Path file, int mode) throws IOException {
    Files.setAttribute(file, "unix:mode", mode);
  }

  private static void give(Path file, int user) throws IOException {
    Tools.require(Tools.isRoot(), "requires root, to give files to other users");
    Files.setAttribute(file, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
  }

  @ParameterizedTest
  @ValueSource(ints = {0600, 0640, 0444, 0755, 0666})
  void keepsTheModeOfTheFileThatIsReplaced(int mode) throws IOException {
    Path file = Files.writeString(temporary.resolve("out"), "old");
    setMode(file, mode);

    OutputFile.write(file, text("new"));

    assertEquals("%04o".formatted(mode), mode(file));
    assertEquals("new", Files.readString(file));
  }

  @Test
  void keepsTheModeOfTheTargetOfALink() throws IOException {
    Path file = Files.writeString(temporary.resolve("target"), "old");
    setMode(file, 0600);
    Path link = Files.createSymbolicLink(temporary.resolve("link"), file);

    OutputFile.write(link, text("new"));

    assertEquals("0600", mode(file));
    assertTrue(Files.isSymbolicLink(link));
  }

  @Test
  void doesNotKeepSpecialBits() throws IOException {
    Path file = Files.writeString(temporary.resolve("out"), "old");
    setMode(file, 06755);

    OutputFile.write(file, text("new"));

    assertEquals("0755", mode(file));
  }

  @Test
  void keepsTheOwner() throws IOException {
    Path file = Files.writeString(temporary.resolve("out"), "old");
    give(file, SOMEONE);
    Files.setAttribute(file, "unix:gid", ANOTHER);
    setMode(file, 0640);

    OutputFile.write(file, text("new"));

    assertEquals(SOMEONE, UnixFile.of(file).uid());
    assertEquals(ANOTHER, UnixFile.of(file).gid());
    assertEquals("0640", mode(file));
  }

  /** Another user could put a link in the place of the new file while its owner is changed. */
  @Test
  void givesNothingAwayInAFolderOfAnotherUser() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("folder"));
    Path file = Files.writeString(folder.resolve("out"), "old");
    give(file, SOMEONE);
    Files.setAttribute(file, "unix:gid", ANOTHER);
    setMode(file, 0664);
    give(folder, SOMEONE);

    OutputFile.write(file, text("new"));

    assertEquals(UnixFile.user(), UnixFile.of(file).uid());
    assertEquals("0644", mode(file), "the group is another one, and gets no more than everyone");
  }

  @Test
  void onlyTheUserCanReadAnUnfinishedFile() throws IOException {
    Path file = Files.writeString(temporary.resolve("out"), "old");
    setMode(file, 0666);

    try (OutputFile out = OutputFile.open(file)) {
      out.writeFully(ByteBuffer.wrap(text("secret")));
      assertEquals(List.of("0600"), modesOfTemporaryFiles(temporary));
      out.commit();
    }

    assertEquals(List.of(), modesOfTemporaryFiles(temporary));
  }

  @Test
  void unnamedFilesAreGoneAtOnce() throws IOException {
    try (FileChannel file = TemporaryName.openUnnamed(temporary)) {
      assertEquals(1, file.write(ByteBuffer.wrap(new byte[1])));
      assertEquals(List.of(), modesOfTemporaryFiles(temporary));
    }
  }

  private static List<String> modesOfTemporaryFiles(Path folder) throws IOException {
    List<String> modes = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".tmp")).toList()) {
        modes.add(mode(file));
      }
    }
    return modes;
  }

  /** Prints the modes of files that it creates in a folder. */
  public static final class Creator {
    private Creator() {}

    public static void main(String[] args) throws IOException {
      Path folder = Path.of(args[0]);
      try (OutputFile out = OutputFile.open(folder.resolve("new"))) {
        out.writeFully(ByteBuffer.wrap(text("secret")));
        System.out.print(modesOfTemporaryFiles(folder).getFirst());
        out.commit();
      }
      System.out.print(" " + mode(folder.resolve("new")));
      Path cache = folder.resolve("of/user/cache");
      PrivateFiles.append(cache, text("line\n"));
      System.out.print(" " + mode(cache) + " " + mode(folder.resolve("of/user")));
      System.out.println(" " + mode(folder.resolve("of")));
    }
  }

  @ParameterizedTest
  @CsvSource({"000,0666", "022,0644", "077,0600", "002,0664"})
  void theUmaskDecidesTheModeOfANewFileOnly(String umask, String expected) throws Exception {
    List<String> command = new ArrayList<>(List.of("sh", "-c", "umask " + umask + "; exec \"$@\""));
    command.add("sh");
    command.addAll(Tools.java(Creator.class));
    command.add(temporary.toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();

    assertEquals(
        "0600 " + expected + " 0600 0700 0700", Tools.read(process.getInputStream()).strip());
    assertEquals(0, process.waitFor());
  }

  /** Returns a folder like {@code /tmp}, which belongs to another user than the one of the test. */
  private Path shared() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("shared"));
    give(folder, SOMEONE);
    setMode(folder, 01777);
    return folder;
  }

  @Test
  void refusesALinkOfAnotherUserInASharedFolder() throws IOException {
    Path victim = Files.writeString(temporary.resolve("victim"), "precious");
    Path link = Files.createSymbolicLink(shared().resolve("out"), victim);
    give(link, ANOTHER);

    Failures.assertFails(
        OutputException.class, () -> OutputFile.open(link), "'" + link + "'", "of another user");
    assertEquals("precious", Files.readString(victim));
  }

  @Test
  void refusesALinkToNothing() throws IOException {
    Path link = Files.createSymbolicLink(shared().resolve("out"), temporary.resolve("missing"));
    give(link, ANOTHER);

    Failures.assertFails(() -> OutputFile.open(link), "of another user");
    assertFalse(Files.exists(temporary.resolve("missing")));
  }

  @Test
  void refusesALinkInTheMiddleOfThePath() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("folder"));
    Path link = Files.createSymbolicLink(shared().resolve("link"), folder);
    give(link, ANOTHER);

    Failures.assertFails(() -> OutputFile.open(link.resolve("out")), "of another user");
    Failures.assertFails(() -> OutputFile.createFolders(link.resolve("new")), "of another user");
    assertFalse(Files.exists(folder.resolve("new")));
  }

  @Test
  void refusesALinkBehindALink() throws IOException {
    Path link = Files.createSymbolicLink(shared().resolve("out"), temporary.resolve("victim"));
    give(link, ANOTHER);
    Path own = Files.createSymbolicLink(temporary.resolve("own"), Path.of("shared/out"));

    Failures.assertFails(() -> OutputFile.open(own), "of another user");
  }

  @Test
  void refusesAFifoOfAnotherUserInASharedFolder() throws IOException {
    Path fifo = shared().resolve("out");
    Tools.require("mkfifo");
    Tools.run("mkfifo", fifo.toString());
    give(fifo, ANOTHER);

    // Would wait for a reader otherwise.
    Failures.assertFails(() -> OutputFile.open(fifo), "'" + fifo + "'", "of another user");
  }

  @Test
  void refusesAFileOfAnotherUserInASharedFolder() throws IOException {
    Path file = Files.writeString(shared().resolve("out"), "old");
    give(file, ANOTHER);

    Failures.assertFails(() -> OutputFile.open(file), "'" + file + "'", "of another user");
  }

  @Test
  void followsOwnLinksAndThoseOfTheOwnerOfTheFolder() throws IOException {
    Path shared = shared();
    Path own = Files.createSymbolicLink(shared.resolve("own"), Path.of("../first"));
    Path ofOwner = Files.createSymbolicLink(shared.resolve("ofOwner"), Path.of("../second"));
    give(ofOwner, SOMEONE);

    OutputFile.write(own, text("1"));
    OutputFile.write(ofOwner, text("2"));

    assertEquals("1", Files.readString(temporary.resolve("first")));
    assertEquals("2", Files.readString(temporary.resolve("second")));
  }

  @Test
  void followsLinksOfOthersElsewhere() throws IOException {
    Path link = Files.createSymbolicLink(temporary.resolve("link"), Path.of("./x/../target"));
    Files.createDirectory(temporary.resolve("x"));
    give(link, ANOTHER);

    OutputFile.write(link, text("1"));

    assertEquals("1", Files.readString(temporary.resolve("target")));
  }

  @Test
  void filesThatOthersCanChangeAreNotPrivate() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("folder"));
    setMode(folder, 0700);
    Path file = Files.writeString(folder.resolve("cache"), "x");
    setMode(file, 0644);
    assertTrue(PrivateFiles.isPrivate(file));

    for (int mode : new int[] {0660, 0602}) {
      setMode(file, mode);
      assertFalse(PrivateFiles.isPrivate(file));
    }
    setMode(file, 0600);
    for (int mode : new int[] {0770, 0702, 01777}) {
      setMode(folder, mode);
      assertFalse(PrivateFiles.isPrivate(file));
    }
  }

  @Test
  void filesOfOthersAreNotPrivate() throws IOException {
    Path folder = Files.createDirectory(temporary.resolve("folder"));
    Path file = Files.writeString(folder.resolve("cache"), "x");
    setMode(folder, 0700);
    setMode(file, 0600);
    give(file, ANOTHER);
    assertFalse(PrivateFiles.isPrivate(file));

    give(file, UnixFile.user());
    give(folder, ANOTHER);
    assertFalse(PrivateFiles.isPrivate(file));
  }
}
