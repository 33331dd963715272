package dev.strata.internal.tar;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.fixtures.FileTrees;
import dev.strata.fixtures.GoldenCases;
import dev.strata.internal.tar.TarListing.Facts;
import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import dev.strata.layer.Layer;
import dev.strata.layer.LayerBlobs;
import dev.strata.layer.LayerBuilder;
import dev.strata.layering.LayerPath;
import dev.strata.layering.PathOptions;
import dev.strata.layering.Perm;
import dev.strata.layering.Rewrite;
import dev.strata.testing.Table;
import dev.strata.testing.Tools;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Other programs read the layers of real directories. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TarReadersIT {
  private static final int ATTEMPTS = 3;

  /** Machines may have SDKs of gigabytes. */
  private static final long MOST_BYTES = 1L << 30;

  private static final String[] GNU_TAR = {
    "tar", "-P", "--numeric-owner", "--full-time", "--quoting-style=escape", "-tvf", "-"
  };
  private static final String[] BSDTAR = {
    "bsdtar",
    "-cf",
    "-",
    "--format=mtree",
    "--options",
    "mtree:!all,mtree:mode,mtree:size,mtree:type,mtree:uid,mtree:gid,mtree:uname,mtree:gname,"
        + "mtree:link,mtree:time",
    "@-"
  };

  private Path temporary;

  @BeforeEach
  void createTemporaryDirectory() throws IOException {
    temporary = Files.createTempDirectory("strata-tar-readers").toRealPath();
  }

  @AfterEach
  void deleteTemporaryDirectory() throws IOException {
    FileTrees.deleteRecursively(temporary);
  }

  /** The listings of one stream by all readers. */
  private record Readings(
      TarListing gnuTar, TarListing bsdtar, TarListing python, TarListing commonsCompress) {}

  static List<Path> directories() throws IOException {
    Path jar =
        Path.of(
            TarArchiveEntry.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    List<Path> found = new ArrayList<>();
    found.add(Path.of(System.getProperty("java.home", "")).toRealPath());
    found.add(Path.of("/usr/share"));
    found.add(Path.of("/usr/lib"));
    // From repository/org/apache/commons/commons-compress/1.2.3/commons-compress-1.2.3.jar.
    for (Path p = jar; p != null; p = p.getParent()) {
      if (p.endsWith("repository")) {
        found.add(p.toRealPath());
      }
    }
    return found;
  }

  @ParameterizedTest
  @MethodSource("directories")
  void readersAgreeOnARealDirectory(Path directory) throws Exception {
    Tools.require("tar", "bsdtar", "python3", "find");
    List<String> paths = readablePaths(directory);
    Tools.require(!paths.isEmpty(), "requires a readable directory " + directory);
    for (int attempt = 1; ; attempt++) {
      try {
        check(paths);
        return;
      } catch (StrataException | IOException | AssertionError e) {
        // Another program may have written there, especially to the Maven repository.
        if (attempt == ATTEMPTS || !changed(directory)) {
          throw e;
        }
      }
    }
  }

  /** Whether a file in a directory was modified in the last five minutes. */
  private static boolean changed(Path directory) throws IOException {
    return !find(directory.toString(), "-mmin", "-5", "-print", "-quit").isEmpty();
  }

  /** Returns the directory, or the smallest of its children that a layer can contain. */
  private static List<String> readablePaths(Path directory) throws IOException {
    if (isClean(directory.toString()) && size(directory.toString()) <= MOST_BYTES) {
      return List.of(directory.toString());
    }
    Map<String, Long> sizes = new HashMap<>();
    try (Stream<Path> children = Files.list(directory)) {
      for (String child : children.map(Path::toString).filter(TarReadersIT::isClean).toList()) {
        sizes.put(child, size(child));
      }
    }
    List<String> paths = new ArrayList<>();
    long bytes = 0;
    for (String child : sizes.keySet().stream().sorted(Comparator.comparing(sizes::get)).toList()) {
      bytes += sizes.get(child);
      if (bytes <= MOST_BYTES) {
        paths.add(child);
      }
    }
    paths.sort(null);
    return paths;
  }

  private static long size(String path) throws IOException {
    return find(path, "-type", "f", "-printf", "%s\n").lines().mapToLong(Long::parseLong).sum();
  }

  private static boolean isClean(String path) {
    try {
      return find(
              path,
              "(",
              "!",
              "-type",
              "f",
              "!",
              "-type",
              "d",
              "!",
              "-type",
              "l",
              "-o",
              "!",
              "-type",
              "l",
              "!",
              "-readable",
              ")",
              "-print",
              "-quit")
          .isEmpty();
    } catch (IOException e) {
      return false;
    }
  }

  private static String find(String path, String... expression) throws IOException {
    List<String> command = new ArrayList<>(List.of("find", path));
    command.addAll(List.of(expression));
    Process find = Tools.process(command.toArray(String[]::new)).redirectErrorStream(true).start();
    return Tools.read(find.getInputStream());
  }

  private void check(List<String> paths) throws Exception {
    Layer layer = layer(paths.stream().map(p -> new LayerPath(p, null)).toList());
    Readings readings = read(layer);

    TarListing disk = TarListing.ofDisk(paths.getFirst(), paths.getFirst());
    for (String path : paths.subList(1, paths.size())) {
      disk.addAll(TarListing.ofDisk(path, path));
    }
    paths.forEach(disk::addParents);
    Map<String, Facts> expected = disk.facts();
    assertTrue(expected.size() > 50, "too few files to be meaningful: " + expected.size());
    assertSame(expected, readings.python().facts(), "Python");
    assertSame(expected, readings.bsdtar().facts(), "bsdtar");
    assertSame(expected, readings.commonsCompress().facts(), "Commons Compress");
    assertSame(withoutNames(expected), readings.gnuTar().facts(), "GNU tar");
    assertSame(disk.checksums(), readings.python().checksums(), "contents");
  }

  private static Layer layer(List<LayerPath> paths) {
    return LayerBuilder.create().build(List.of(paths)).getFirst();
  }

  private static Map<String, Facts> withoutNames(Map<String, Facts> facts) {
    Map<String, Facts> out = new TreeMap<>(facts);
    out.replaceAll((_, f) -> f.withoutNames());
    return out;
  }

  /** Compares large maps, with a one-line message. */
  private static <T> void assertSame(
      Map<String, T> expected, Map<String, T> actual, String reader) {
    for (Map.Entry<String, T> e : expected.entrySet()) {
      assertEquals(e.getValue(), actual.get(e.getKey()), () -> reader + " on " + e.getKey());
    }
    for (String name : actual.keySet()) {
      assertTrue(expected.containsKey(name), () -> reader + " has more: " + name);
    }
  }

  /** Streams a layer once, to all readers in parallel. */
  private Readings read(Layer layer, String... pythonArguments) throws Exception {
    Path script = temporary.resolve("list_tar.py");
    try (InputStream in = Objects.requireNonNull(Table.class.getResourceAsStream("list_tar.py"))) {
      Files.write(script, in.readAllBytes());
    }
    List<String> python = new ArrayList<>(List.of("python3", script.toString()));
    python.addAll(List.of(pythonArguments));
    Pipe pipe = Pipe.open();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      Process gnu = start(GNU_TAR);
      Process bsd = start(BSDTAR);
      Process py = start(python.toArray(String[]::new));
      Future<TarListing> gnuListing =
          threads.submit(() -> TarListing.ofGnuTar(gnu.getInputStream()));
      Future<TarListing> bsdListing =
          threads.submit(() -> TarListing.ofMtree(bsd.getInputStream()));
      Future<TarListing> pyListing = threads.submit(() -> TarListing.ofPython(py.getInputStream()));
      Future<TarListing> commons =
          threads.submit(
              () -> TarListing.ofCommonsCompress(Channels.newInputStream(pipe.source())));
      try (OutputStream toGnu = gnu.getOutputStream();
          OutputStream toBsd = bsd.getOutputStream();
          OutputStream toPython = py.getOutputStream();
          Pipe.SinkChannel sink = pipe.sink()) {
        LayerBlobs.of(layer, 2)
            .writeTo(
                new ToAll(
                    List.of(
                        Channels.newChannel(toGnu),
                        Channels.newChannel(toBsd),
                        Channels.newChannel(toPython),
                        sink)));
      } finally {
        pipe.sink().close();
      }
      return new Readings(gnuListing.get(), bsdListing.get(), pyListing.get(), commons.get());
    }
  }

  /** Bsdtar stops at the first name or link target that is not UTF-8. */
  private static Map<String, Facts> asFarAsBsdtarReads(Map<String, Facts> facts) {
    Map<String, Facts> out = new LinkedHashMap<>();
    for (Map.Entry<String, Facts> e : inTarOrder(facts)) {
      if (!isUtf8(e.getKey()) || !isUtf8(e.getValue().link())) {
        break;
      }
      out.put(e.getKey(), e.getValue());
    }
    return out;
  }

  /** Level by level: a slash sorts before all other characters. */
  private static List<Map.Entry<String, Facts>> inTarOrder(Map<String, Facts> facts) {
    List<Map.Entry<String, Facts>> entries = new ArrayList<>(facts.entrySet());
    entries.sort(Map.Entry.comparingByKey(Comparator.comparing(name -> name.replace('/', '\0'))));
    return entries;
  }

  private static boolean isUtf8(String latin1) {
    byte[] bytes = latin1.getBytes(ISO_8859_1);
    return FileNames.decodeLossy(bytes).equals(FileNames.decode(bytes));
  }

  private static Process start(String... command) throws IOException {
    ProcessBuilder builder = Tools.process(command).redirectError(ProcessBuilder.Redirect.DISCARD);
    // In the C locale, bsdtar rejects names that are not ASCII.
    builder.environment().put("LC_ALL", "C.UTF-8");
    return builder.start();
  }

  /** Writes to several channels. */
  private record ToAll(List<WritableByteChannel> targets) implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) throws IOException {
      for (WritableByteChannel target : targets) {
        ByteBuffer copy = bytes.duplicate();
        while (copy.hasRemaining()) {
          target.write(copy);
        }
      }
      int n = bytes.remaining();
      bytes.position(bytes.limit());
      return n;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  @Test
  void gnuTarUnpacksARealDirectory() throws Exception {
    Tools.require("tar", "find");
    String home = Path.of(System.getProperty("java.home", "")).toRealPath().toString();
    Layer layer = layer(List.of(new LayerPath(home, null)));
    Process tar =
        Tools.process("tar", "-xpf", "-", "-C", temporary.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (OutputStream out = tar.getOutputStream()) {
      LayerBlobs.of(layer, 2).writeTo(Channels.newChannel(out));
    }

    assertEquals(0, tar.waitFor());
    TarListing original = TarListing.ofDisk(home, "");
    TarListing unpacked = TarListing.ofDisk(temporary + home, "");
    assertSame(original.facts(), unpacked.facts(), "on disk");
    assertSame(original.checksums(), unpacked.checksums(), "contents");
  }

  /** Long names, names that are not ASCII or UTF-8 or contain newlines, all owners and modes. */
  @Test
  void readersAgreeOnHostileNamesAndOwners() throws Exception {
    Tools.require("tar", "bsdtar", "python3", "find");
    GoldenCases.unpackStore(temporary.resolve("root"));
    Path store = temporary.resolve("root/nix/store");
    Path unpacked = Files.createDirectory(temporary.resolve("unpacked"));
    try (Stream<Path> children = Files.list(store)) {
      for (Path path : children.sorted().toList()) {
        String name = FileNames.decode(FileNames.bytes(path));
        Rewrite rewrite = new Rewrite("^" + temporary + "/root", "");
        Perm owned =
            Perm.of("").withOwner(70_000, 3_000_000).withOwnerNames("u".repeat(33), "g".repeat(40));
        LayerPath plain = new LayerPath(name, new PathOptions(rewrite, null));
        LayerPath ruled = new LayerPath(name, new PathOptions(rewrite, List.of(owned)));
        String below = name.substring((temporary + "/root").length());

        TarListing disk = TarListing.ofDisk(name, below);
        disk.addParents(below);
        Readings readings = read(layer(List.of(plain)), unpacked.toString());

        assertSame(disk.facts(), readings.python().facts(), "Python");
        assertSame(asFarAsBsdtarReads(disk.facts()), readings.bsdtar().facts(), "bsdtar");
        assertSame(withoutNames(disk.facts()), readings.gnuTar().facts(), "GNU tar");
        assertEquals(
            disk.facts().size(), readings.commonsCompress().facts().size(), "Commons Compress");
        TarListing copy = TarListing.ofDisk(unpacked + below, below);
        assertSame(disk.checksums(), copy.checksums(), "contents");
        Readings owners = read(layer(List.of(ruled)));
        assertSame(asFarAsBsdtarReads(owners.python().facts()), owners.bsdtar().facts(), "bsdtar");
        assertSame(withoutNames(owners.python().facts()), owners.gnuTar().facts(), "GNU tar");
        Facts top = Objects.requireNonNull(owners.python().facts().get(below.substring(1)));
        assertEquals(70_000, top.uid());
        assertEquals(3_000_000, top.gid());
        assertEquals("g".repeat(40), top.gname());
      }
    }
  }
}
