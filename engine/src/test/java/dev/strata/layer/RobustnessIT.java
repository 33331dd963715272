package dev.strata.layer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Digest;
import dev.strata.fixtures.FileTrees;
import dev.strata.io.OutputFile;
import dev.strata.io.StrataException;
import dev.strata.layering.LayerPath;
import dev.strata.testing.BuildLayers;
import dev.strata.testing.Failures;
import dev.strata.testing.FileModes;
import dev.strata.testing.Tools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is left when things go wrong from outside. */
@Timeout(value = 900, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class RobustnessIT {
  private static final int KILLS = 30;
  private static final int NOBODY = 65534;
  private static final String OLD = "what was there before\n";
  private static final String TEMPORARY = ".strata-";

  private Path temporary;

  @BeforeEach
  void createTemporaryDirectory() throws IOException {
    temporary = Files.createTempDirectory("strata-robustness").toRealPath();
  }

  @AfterEach
  void deleteTemporaryDirectory() throws IOException {
    FileTrees.deleteRecursively(temporary);
  }

  @Test
  void sigkillLeavesTheOldOutputOrTheNew() throws Exception {
    interruptAtRandomMoments("KILL");
  }

  @Test
  void sigtermLeavesTheOldOutputOrTheNewAndNoTemporaryFile() throws Exception {
    interruptAtRandomMoments("TERM");
  }

  private void interruptAtRandomMoments(String signal) throws Exception {
    Tools.require(Tools.isLinux(), "needs Linux");
    Tools.require("kill");
    List<String> paths = manySmallPaths(60);
    Path folder = Files.createDirectory(temporary.resolve("out"));
    Path out = folder.resolve("layers.json");
    Path tars = folder.resolve("tars");
    List<String> command = Tools.java(BuildLayers.class);
    command.addAll(List.of(out.toString(), tars.toString(), "3"));
    command.addAll(paths);
    Files.createDirectory(tars);
    long start = System.nanoTime();
    assertEquals(0, start(command).waitFor());
    long usual = System.nanoTime() - start;
    String expected = Files.readString(out);
    assertEquals(60, tarsIn(tars).size());
    Random random = new Random();
    int interrupted = 0;
    for (int i = 0; i < KILLS; i++) {
      FileTrees.deleteRecursively(tars);
      Files.createDirectory(tars);
      Files.writeString(out, OLD);
      Process child = start(command);
      TimeUnit.NANOSECONDS.sleep((long) (usual * 1.1 * random.nextDouble()));
      Tools.process("kill", "-" + signal, Long.toString(child.pid())).start().waitFor();

      assertTrue(child.waitFor(60, TimeUnit.SECONDS), "the program hangs");
      interrupted += child.exitValue() == 0 ? 0 : 1;
      String left = Files.readString(out);
      assertTrue(left.equals(OLD) || left.equals(expected), left);
      assertTrue(child.exitValue() != 0 || left.equals(expected), "exit 0 without output");
      for (Path tar : tarsIn(tars)) {
        String name = tar.getFileName().toString().replace(".tar", "");
        assertEquals(name, Digest.of(Files.readAllBytes(tar)).hex(), "a partial tar");
      }
      if (signal.equals("TERM")) {
        assertEquals(List.of(), temporaryFiles(folder));
        assertEquals(List.of(), temporaryFiles(tars));
      }
    }
    assertTrue(interrupted > KILLS / 4, "most runs were over before the signal: " + interrupted);
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private List<String> manySmallPaths(int count) throws IOException {
    List<String> paths = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path path = Files.createDirectories(temporary.resolve("store/path-" + i));
      Files.write(path.resolve("file"), new byte[100_000 + i]);
      paths.add(path.toString());
    }
    return paths;
  }

  private static List<Path> tarsIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".tar")).toList();
    }
  }

  private static List<Path> temporaryFiles(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.getFileName().toString().startsWith(TEMPORARY)).toList();
    }
  }

  @Test
  void aFullDiskLeavesTheOldOutput() throws Exception {
    Tools.require(Tools.isLinux() && Tools.isRoot(), "needs root, to mount a small file system");
    Tools.require("mount", "umount");
    Path disk = Files.createDirectory(temporary.resolve("disk"));
    Process mount =
        Tools.process("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString()).start();
    Tools.require(mount.waitFor() == 0, "needs the right to mount a tmpfs");
    try {
      Path out = Files.writeString(disk.resolve("layers.json"), OLD);
      Path big = Files.createDirectory(temporary.resolve("big"));
      Files.write(big.resolve("file"), new byte[3_000_000]);
      List<List<LayerPath>> plan = List.of(List.of(new LayerPath(big.toString(), null)));
      LayerBuilder keeping = LayerBuilder.create().withJobs(2).withTarDirectory(disk.toString());

      Failures.assertFails(
          () -> OutputFile.write(out, new byte[3_000_000]), "'" + out + "'", "the disk is full");
      Failures.assertFails(() -> keeping.build(plan), disk.toString(), "the disk is full");

      assertEquals(OLD, Files.readString(out));
      try (Stream<Path> files = Files.list(disk)) {
        assertEquals(List.of(out), files.toList());
      }
      OutputFile.write(out, "there is room for this".getBytes(UTF_8));
      assertEquals("there is room for this", Files.readString(out));
    } finally {
      Tools.run("umount", disk.toString());
    }
  }

  @Test
  void aFileThatChangesAllTheTimeEndsInAResultOrAClearError() throws Exception {
    Path tree = Files.createDirectory(temporary.resolve("tree"));
    Path file = tree.resolve("changing");
    List<List<LayerPath>> plan = List.of(List.of(new LayerPath(tree.toString(), null)));
    AtomicBoolean over = new AtomicBoolean();
    Thread writer =
        Thread.ofPlatform()
            .start(() -> {
              Random random = new Random(1);
              while (!over.get()) {
                try (RandomAccessFile f = new RandomAccessFile(file.toFile(), "rw")) {
                  f.setLength(random.nextInt(4) == 0 ? 0 : random.nextInt(3_000_000));
                } catch (IOException e) {
                  throw new java.io.UncheckedIOException(e);
                }
              }
            });
    int failures = 0;
    try {
      for (int i = 0; i < 300; i++) {
        String way = FileModes.all().get(i % FileModes.all().size());
        try {
          FileModes.with(way, () -> LayerBuilder.create().withJobs(3).build(plan));
        } catch (StrataException e) {
          failures++;
          String message = String.valueOf(e.getMessage());
          assertTrue(message.contains("changed its size while it was read"), message);
          assertTrue(message.contains("'" + file + "'"), message);
        }
      }
    } finally {
      over.set(true);
      writer.join();
    }
    assertTrue(failures > 0, "the file was never caught changing");
  }

  @Test
  void filesThatComeAndGoEndInAResultOrAClearError() throws Exception {
    Path tree = Files.createDirectory(temporary.resolve("tree"));
    List<List<LayerPath>> plan = List.of(List.of(new LayerPath(tree.toString(), null)));
    AtomicBoolean over = new AtomicBoolean();
    Thread writer = Thread.ofPlatform().start(() -> comeAndGo(tree, over));
    int failures = 0;
    int results = 0;
    try {
      for (int i = 0; i < 400; i++) {
        String way = FileModes.all().get(i % FileModes.all().size());
        try {
          FileModes.with(way, () -> LayerBuilder.create().withJobs(3).build(plan));
          results++;
        } catch (StrataException e) {
          failures++;
          String message = String.valueOf(e.getMessage());
          assertEquals(1, message.lines().count(), message);
          assertTrue(message.contains("'" + tree), message);
        }
      }
    } finally {
      over.set(true);
      writer.join();
    }
    assertTrue(failures > 0 && results > 0, failures + " failures, " + results + " results");
  }

  /** Makes files, folders and links of few names, in turn at one place. */
  private static void comeAndGo(Path tree, AtomicBoolean over) {
    Random random = new Random(2);
    while (!over.get()) {
      Path place = tree.resolve("place-" + random.nextInt(4));
      try {
        FileTrees.deleteRecursively(place);
        switch (random.nextInt(4)) {
          case 0 -> Files.createSymbolicLink(place, Path.of("target"));
          case 1 -> Files.createDirectories(place.resolve("deep/er"));
          case 2 -> Files.write(place, new byte[random.nextInt(10_000)]);
          default -> {}
        }
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }

  @Test
  void anUnreadableFileIsNamed() throws Exception {
    Path tree = Files.createDirectory(temporary.resolve("tree"));
    Path folder = Files.createDirectory(tree.resolve("folder"));
    Path secret = Files.writeString(folder.resolve("secret"), "secret");
    assertUnreadable(tree, secret);
    Files.delete(secret);
    Path closed = Files.createDirectory(folder.resolve("closed"));
    assertUnreadable(tree, closed);
  }

  private void assertUnreadable(Path tree, Path secret) throws Exception {
    Path out = temporary.resolve("out");
    Files.createDirectories(out);
    Files.writeString(out.resolve("layers.json"), OLD);
    open(temporary);
    open(out);
    open(tree);
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("---------"));
    for (String way : FileModes.all()) {
      String[] options = FileModes.options(way).toArray(String[]::new);
      List<String> command = asNobody(Tools.java(BuildLayers.class, options));
      command.addAll(List.of(out.resolve("layers.json").toString(), "-", "2", tree.toString()));
      Process child = Tools.process(command.toArray(String[]::new)).start();
      String printed = Tools.read(child.getErrorStream());

      assertEquals(1, child.waitFor(), printed);
      assertEquals(1, printed.lines().count(), printed);
      assertTrue(printed.contains("'" + secret + "': permission denied; "), printed);
      assertEquals(OLD, Files.readString(out.resolve("layers.json")));
      assertEquals(List.of(), temporaryFiles(out));
    }
  }

  private static void open(Path folder) throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
  }

  /** Root may read everything, so that its tests run another program as nobody. */
  private List<String> asNobody(List<String> command) throws IOException {
    if (!Tools.isRoot()) {
      return command;
    }
    Tools.require("setpriv");
    List<String> changed = new ArrayList<>();
    changed.addAll(
        List.of("setpriv", "--reuid", "" + NOBODY, "--regid", "" + NOBODY, "--clear-groups"));
    changed.addAll(command);
    int classPath = changed.indexOf("-cp") + 1;
    changed.set(classPath, readableCopy(changed.get(classPath)));
    return changed;
  }

  /** What root builds may lie where nobody may look. */
  private String readableCopy(String classPath) throws IOException {
    Path copies = Files.createDirectories(temporary.resolve("class-path"));
    List<String> entries = new ArrayList<>();
    for (String entry : classPath.split(":", -1)) {
      Path source = Path.of(entry);
      Path target = copies.resolve(entries.size() + "-" + source.getFileName());
      if (Files.exists(source) && !Files.exists(target)) {
        copy(source, target);
      }
      entries.add(target.toString());
    }
    Tools.run("chmod", "-R", "a+rX", copies.toString());
    return String.join(":", entries);
  }

  private static void copy(Path source, Path target) throws IOException {
    try (Stream<Path> files = Files.walk(source)) {
      for (Path file : files.toList()) {
        Path copy = target.resolve(source.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }
}
