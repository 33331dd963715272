package dev.strata.internal.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Digest;
import dev.strata.blob.Progress;
import dev.strata.fixtures.FileTrees;
import dev.strata.fixtures.GoldenCases;
import dev.strata.io.FileNames;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBuilder;
import dev.strata.layer.TarContents;
import dev.strata.layering.LayerPath;
import dev.strata.testing.Failures;
import dev.strata.testing.FileModes;
import dev.strata.testing.OrdinaryUser;
import dev.strata.testing.Streams;
import dev.strata.testing.Tools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is on disk, as layers see it by either way of reading files. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SourceFilesTest {
  private Path temporary;

  @BeforeEach
  void createTemporaryDirectory() throws IOException {
    temporary = Files.createTempDirectory("strata-files").toRealPath();
  }

  @AfterEach
  void deleteTemporaryDirectory() throws IOException {
    FileTrees.deleteRecursively(temporary);
  }

  static List<String> ways() {
    return FileModes.all();
  }

  private static List<Layer> layers(String way, List<String> paths) {
    List<List<LayerPath>> plan = paths.stream().map(p -> List.of(new LayerPath(p, null))).toList();
    return FileModes.with(way, () -> LayerBuilder.create().withJobs(2).build(plan));
  }

  private static Layer layer(String way, Path path) {
    return layers(way, List.of(text(path))).getFirst();
  }

  private static String text(Path path) {
    return FileNames.decode(FileNames.bytes(path));
  }

  @Test
  void allWaysSeeTheSameInTheGoldenStore() throws IOException {
    GoldenCases.unpackStore(temporary);
    Path store = temporary.resolve("nix/store");
    List<String> paths;
    try (Stream<Path> files = Files.list(store)) {
      paths = files.map(SourceFilesTest::text).sorted().toList();
    }
    assertTrue(paths.size() >= 10);

    List<Layer> expected = layers("nio jdk buffer", paths);
    for (String way : ways()) {
      assertEquals(expected, layers(way, paths), way);
    }
  }

  @Test
  void bothWaysSeeTheSameUnderHostileNames() throws IOException {
    hostileTree(temporary.resolve("tree"));

    Layer nio = layer("nio", temporary.resolve("tree"));
    Layer native_ = layer("native", temporary.resolve("tree"));

    assertEquals(nio, native_);
    byte[] stream = FileModes.with("nio", () -> Streams.bytes(nio));
    assertEquals(nio.digest(), Digest.of(stream));
  }

  /** Names of random bytes, some long, three levels deep, with links to such names. */
  private static void hostileTree(Path root) throws IOException {
    Random random = new Random(7);
    Files.createDirectory(root);
    for (int i = 0; i < 40; i++) {
      Path folder = i % 4 == 0 ? root : below(root, randomName(random, 1 + random.nextInt(200)));
      Files.createDirectories(folder);
      Path file = below(folder, randomName(random, 1 + random.nextInt(254)));
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      switch (random.nextInt(4)) {
        case 0 -> Files.createDirectory(file);
        case 1 -> {
          Path absolute = below(Path.of("/"), randomName(random, 1 + random.nextInt(250)));
          boolean relative = random.nextBoolean();
          Path target = relative ? absolute.subpath(0, 1) : absolute;
          Files.createSymbolicLink(file, target);
        }
        default -> {
          Files.write(file, new byte[random.nextInt(2000)]);
          Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r-xr--r--"));
        }
      }
    }
  }

  private static Path below(Path folder, byte[] name) {
    byte[] base = FileNames.bytes(folder);
    boolean top = base.length == 1;
    byte[] full = new byte[base.length + (top ? 0 : 1) + name.length];
    System.arraycopy(base, 0, full, 0, base.length);
    full[full.length - name.length - 1] = '/';
    System.arraycopy(name, 0, full, full.length - name.length, name.length);
    return FileNames.path(full);
  }

  private static byte[] randomName(Random random, int length) {
    byte[] name = new byte[length];
    for (int i = 0; i < length; i++) {
      byte b;
      do {
        b = (byte) random.nextInt(256);
      } while (b == 0 || b == '/' || b == '.');
      name[i] = b;
    }
    return name;
  }

  @ParameterizedTest
  @MethodSource("ways")
  void readsFilesOfEverySizeAroundItsBuffers(String way) throws IOException {
    Path tree = Files.createDirectory(temporary.resolve("tree"));
    int[] edges = {0, 1, 511, 512, 513, 4096, 8191, 65536, 131072, 262144, 393216, 524288, 1048576};
    Random random = new Random(11);
    for (int edge : edges) {
      for (int size : new int[] {edge - 1, edge, edge + 1}) {
        if (size >= 0) {
          byte[] content = new byte[size];
          random.nextBytes(content);
          Files.write(tree.resolve("f" + size), content);
        }
      }
    }
    Layer layer = layer(way, tree);

    byte[] stream = FileModes.with(way, () -> Streams.bytes(layer));

    assertEquals(layer.size().orElseThrow(), stream.length);
    assertEquals(contents(tree), TarContents.digests(stream));
  }

  private static java.util.Map<String, String> contents(Path tree) throws IOException {
    java.util.Map<String, String> digests = new java.util.TreeMap<>();
    try (Stream<Path> files = Files.list(tree)) {
      for (Path file : files.toList()) {
        digests.put(file.toString().substring(1), Digest.of(Files.readAllBytes(file)).value());
      }
    }
    return digests;
  }

  @ParameterizedTest
  @MethodSource("ways")
  void readsADeepTree(String way) throws IOException {
    // About 3,600 bytes of path: more would not fit in one system call.
    Path folder = temporary.resolve("tree");
    for (int i = 0; i < 18; i++) {
      folder = folder.resolve("d".repeat(199));
    }
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("leaf"), "leaf");

    Layer layer = layer(way, temporary.resolve("tree"));

    byte[] stream = FileModes.with(way, () -> Streams.bytes(layer));
    String leaf = folder.resolve("leaf").toString().substring(1);
    assertEquals(
        Digest.of("leaf".getBytes(java.nio.charset.StandardCharsets.UTF_8)).value(),
        TarContents.digests(stream).get(leaf));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void refusesAFifo(String way) {
    Tools.require("mkfifo");
    Path fifo = temporary.resolve("a fifo");
    Tools.run("mkfifo", fifo.toString());

    Failures.assertFails(() -> layer(way, temporary), "'" + fifo + "' is a FIFO", "remove it");
    Failures.assertFails(() -> layer(way, fifo), "'" + fifo + "' is a FIFO");
  }

  @ParameterizedTest
  @MethodSource("ways")
  void refusesASocket(String way) throws IOException {
    Path socket = temporary.resolve("s");
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(socket));

      Failures.assertFails(() -> layer(way, temporary), "'" + socket + "' is a socket");
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void refusesADevice(String way) {
    Failures.assertFails(
        () -> layer(way, Path.of("/dev/null")), "'/dev/null' is a character device");
  }

  @ParameterizedTest
  @MethodSource("ways")
  void namesAPathThatIsNotThere(String way) {
    Path missing = temporary.resolve("missing");

    Failures.assertFails(() -> layer(way, missing), "'" + missing + "'", "no such file");
    Failures.assertFails(() -> layers(way, List.of("")), "''", "no such file");
  }

  @ParameterizedTest
  @MethodSource("ways")
  void refusesAPathThatCannotBe(String way) throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "x");

    Failures.assertFails(() -> layers(way, List.of("/a\0b")), "'/a\\x00b'", "NUL");
    Failures.assertFails(() -> layers(way, List.of("/" + "x".repeat(300))), "too long");
    Failures.assertFails(() -> layers(way, List.of("/x".repeat(40_000))), "too long");
    Failures.assertFails(() -> layers(way, List.of(file + "/below")), file + "/below'");
  }

  @ParameterizedTest
  @MethodSource("ways")
  void namesAFileThatMayNotBeRead(String way) throws IOException {
    for (String content : List.of("", "x")) {
      Path file = Files.writeString(temporary.resolve("secret"), content);
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));

      OrdinaryUser.run(
          temporary,
          () ->
              Failures.assertFails(
                  () -> layer(way, temporary), "'" + file + "'", "permission denied"));
    }
  }

  /** What happens to a file between the layout of the layer and its end. */
  enum Change {
    TRUNCATE,
    EMPTY,
    GROW,
    DELETE,
    BECOME_A_FOLDER,
    BECOME_A_LINK,
    BECOME_A_FIFO,
    FOLDER_IS_GONE;

    /** The sizes of files that this can happen to, in bytes. */
    private int[] sizes() {
      return this == TRUNCATE || this == EMPTY
          ? new int[] {100, 1_000_000}
          : new int[] {0, 100, 1_000_000};
    }

    private void apply(Path folder, Path file, long size) throws IOException {
      switch (this) {
        case TRUNCATE -> resize(file, size / 2);
        case EMPTY -> resize(file, 0);
        case GROW -> resize(file, size + 1);
        case DELETE -> Files.delete(file);
        case BECOME_A_FOLDER -> {
          Files.delete(file);
          Files.createDirectory(file);
        }
        case BECOME_A_LINK -> {
          Files.move(file, file.resolveSibling("moved"));
          Files.createSymbolicLink(file, Path.of("moved"));
        }
        case BECOME_A_FIFO -> {
          Files.delete(file);
          Tools.run("mkfifo", file.toString());
        }
        case FOLDER_IS_GONE -> FileTrees.deleteRecursively(folder);
      }
    }

    private static void resize(Path file, long size) throws IOException {
      try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "rw")) {
        f.setLength(size);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "TRUNCATE, changed its size while it was read",
    "EMPTY, changed its size while it was read",
    "GROW, changed its size while it was read",
    "DELETE, no such file",
    "BECOME_A_FOLDER, ''",
    "BECOME_A_LINK, ''",
    "BECOME_A_FIFO, ''",
    "FOLDER_IS_GONE, no such file",
  })
  void namesAFileThatChangesWhileItIsRead(Change change, String reason) throws IOException {
    if (change == Change.BECOME_A_FIFO) {
      Tools.require("mkfifo");
    }
    for (String way : ways()) {
      for (int size : change.sizes()) {
        Path folder = Files.createDirectory(temporary.resolve("folder"));
        Path file = Files.write(folder.resolve("file"), new byte[size]);
        Progress changing =
            new Progress() {
              @Override
              public void planned(int layers, long entries, long bytes) {
                try {
                  change.apply(folder, file, size);
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              }
            };
        // Of several workers, one may read the file while another one reports the plan.
        LayerBuilder builder = LayerBuilder.create().withJobs(1).withProgress(changing);
        List<List<LayerPath>> plan = List.of(List.of(new LayerPath(text(folder), null)));

        Failures.assertFails(
            () -> FileModes.with(way, () -> builder.build(plan)), "'" + file + "'", reason);

        FileTrees.deleteRecursively(folder);
      }
    }
  }
}
