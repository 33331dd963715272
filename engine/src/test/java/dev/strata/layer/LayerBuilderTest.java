package dev.strata.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.MediaTypes;
import dev.strata.blob.Progress;
import dev.strata.io.ConflictException;
import dev.strata.layering.LayerPath;
import dev.strata.layering.PathOptions;
import dev.strata.layering.Perm;
import dev.strata.layering.Rewrite;
import dev.strata.oci.History;
import dev.strata.oci.Timestamp;
import dev.strata.testing.Failures;
import dev.strata.testing.Streams;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LayerBuilderTest {
  @TempDir private Path temporary;
  private Path store;

  @BeforeEach
  void createStore() throws IOException {
    store = Files.createDirectory(temporary.toRealPath().resolve("store"));
  }

  private LayerPath plain(Path path) {
    return new LayerPath(path.toString(), null);
  }

  private LayerPath moved(Path path, String to, Perm... perms) {
    List<Perm> rules = List.of(perms);
    return new LayerPath(
        path.toString(),
        new PathOptions(new Rewrite("^" + path, to), rules.isEmpty() ? null : rules));
  }

  private Path tree(String name, String... files) throws IOException {
    Path root = Files.createDirectory(store.resolve(name));
    for (String file : files) {
      Path target = root.resolve(file);
      Files.createDirectories(target.getParent());
      Files.writeString(target, file);
      mode(target, "r--r--r--");
    }
    return root;
  }

  private static void mode(Path file, String mode) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
  }

  private static List<TarArchiveEntry> entries(byte[] tar) throws IOException {
    List<TarArchiveEntry> entries = new ArrayList<>();
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(new ByteArrayInputStream(tar), "UTF-8")) {
      for (TarArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        entries.add(e);
      }
    }
    return entries;
  }

  private static List<String> listing(byte[] tar) throws IOException {
    return entries(tar).stream()
        .map(e -> String.format("%04o %s", e.getMode(), e.getName()))
        .toList();
  }

  @Test
  void plansNothingForNothing() {
    assertEquals(List.of(), LayerBuilder.create().build(List.of()));
  }

  @Test
  void refusesToWorkWithoutAWorker() {
    assertThrows(IllegalArgumentException.class, () -> LayerBuilder.create().withJobs(0));
  }

  @Test
  void sortsSiblingsAsBytesAndAddsParents() throws IOException {
    Path tree = tree("a", "x-y", "x/z", "x.", "X", "é", "~");

    List<String> listing = listing(Streams.tar(moved(tree, "/opt/pkg")));

    assertEquals(
        List.of(
            "0755 /",
            "0755 /opt/",
            "0755 /opt/pkg/",
            "0444 /opt/pkg/X",
            "0755 /opt/pkg/x/",
            "0444 /opt/pkg/x/z",
            "0444 /opt/pkg/x-y",
            "0444 /opt/pkg/x.",
            "0444 /opt/pkg/~",
            "0444 /opt/pkg/é"),
        normalized(listing));
  }

  /** Commons Compress takes the slash from the start of names in PAX records only. */
  private static List<String> normalized(List<String> listing) {
    return listing.stream()
        .map(line -> line.charAt(5) == '/' ? line : line.substring(0, 5) + "/" + line.substring(5))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8, 32})
  void givesTheSameLayersWithAnyNumberOfWorkers(int jobs) throws IOException {
    List<List<LayerPath>> plan = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      Path tree = tree("p" + i, "bin/a" + i, "lib/b", "lib/c");
      Files.write(tree.resolve("big"), new byte[i * 100_000]);
      plan.add(List.of(plain(tree)));
    }
    plan.add(plan.stream().flatMap(List::stream).toList());

    List<Layer> one = LayerBuilder.create().withJobs(1).build(plan);

    assertEquals(one, LayerBuilder.create().withJobs(jobs).build(plan));
    assertEquals(13, one.stream().map(Layer::digest).distinct().count());
  }

  @Test
  void tellsHowTheWorkGoes() throws IOException {
    List<List<LayerPath>> plan =
        List.of(
            List.of(plain(tree("a", "x/y"))),
            List.of(plain(tree("b", "z")), plain(tree("c", "v", "w"))));
    class Recorder implements Progress {
      private final AtomicLong planned = new AtomicLong();
      private final AtomicLong entries = new AtomicLong();
      private final AtomicLong advanced = new AtomicLong();
      private final ConcurrentLinkedQueue<String> finished = new ConcurrentLinkedQueue<>();

      @Override
      public void planned(int layers, long entryCount, long bytes) {
        assertEquals(2, layers);
        entries.set(entryCount);
        planned.set(bytes);
      }

      @Override
      public void advanced(long bytes) {
        advanced.addAndGet(bytes);
      }

      @Override
      public void finished(int index, Descriptor layer) {
        finished.add(index + " " + layer.digest());
      }
    }
    Recorder recorder = new Recorder();

    List<Layer> layers = LayerBuilder.create().withJobs(2).withProgress(recorder).build(plan);

    long bytes = layers.stream().mapToLong(l -> l.size().orElseThrow()).sum();
    assertEquals(bytes, recorder.planned.get());
    assertEquals(bytes, recorder.advanced.get());
    long counted = 0;
    for (Layer layer : layers) {
      counted += entries(Streams.bytes(layer)).size();
    }
    assertEquals(counted, recorder.entries.get());
    assertEquals(
        List.of("0 " + layers.get(0).digest(), "1 " + layers.get(1).digest()),
        recorder.finished.stream().sorted().toList());
  }

  @Test
  void stopsWhenItIsCancelled() throws IOException {
    Path tree = tree("a", "x");
    Files.write(tree.resolve("big"), new byte[20_000_000]);
    Path tars = Files.createDirectory(temporary.resolve("tars"));
    AtomicLong seen = new AtomicLong();
    Progress cancelling =
        new Progress() {
          @Override
          public void advanced(long bytes) {
            seen.addAndGet(bytes);
          }

          @Override
          public boolean cancelled() {
            return seen.get() > 1_000_000;
          }
        };
    LayerBuilder builder =
        LayerBuilder.create()
            .withJobs(2)
            .withTarDirectory(tars.toString())
            .withProgress(cancelling);

    assertThrows(CancellationException.class, () -> builder.build(List.of(List.of(plain(tree)))));

    assertEquals(List.of(), names(tars));
    assertTrue(seen.get() < 20_000_000);
  }

  @Test
  void passesOnWhatAListenerThrows() throws IOException {
    Path tree = tree("a", "x");
    Progress failing =
        new Progress() {
          @Override
          public void finished(int index, Descriptor layer) {
            throw new IllegalStateException("the listener fails");
          }
        };
    LayerBuilder builder = LayerBuilder.create().withJobs(3).withProgress(failing);
    List<List<LayerPath>> plan = List.of(List.of(plain(tree)), List.of(plain(tree)));

    assertThrows(IllegalStateException.class, () -> builder.build(plan));
  }

  @Test
  void keepsTarsUnderTheirDigests() throws IOException {
    Path tars = Files.createDirectory(temporary.resolve("tars"));
    List<List<LayerPath>> plan =
        List.of(List.of(plain(tree("a", "x"))), List.of(plain(tree("b", "y"))));

    List<Layer> layers =
        LayerBuilder.create().withJobs(2).withTarDirectory(tars.toString()).build(plan);

    for (Layer layer : layers) {
      String hex = layer.digest().hex();
      assertEquals(tars + "/" + hex + ".tar", layer.file().orElseThrow());
      byte[] kept = Files.readAllBytes(Path.of(layer.file().orElseThrow()));
      assertEquals(layer.digest(), Digest.of(kept));
      assertEquals(layer.size().orElseThrow(), kept.length);
    }
    assertEquals(2, names(tars).size());
    List<Layer> streamed = LayerBuilder.create().build(plan);
    assertEquals(
        streamed.stream().map(Layer::digest).toList(), layers.stream().map(Layer::digest).toList());
  }

  @Test
  void leavesNoTarOfALayerThatFails() throws IOException {
    Path tars = Files.createDirectory(temporary.resolve("tars"));
    Path tree = tree("a", "x");
    Path file = Files.write(tree.resolve("y"), new byte[3_000_000]);
    Progress deleting =
        new Progress() {
          @Override
          public void planned(int layers, long entries, long bytes) {
            file.toFile().delete();
          }
        };
    LayerBuilder builder =
        LayerBuilder.create().withJobs(2).withTarDirectory(tars.toString()).withProgress(deleting);

    Failures.assertFails(
        () -> builder.build(List.of(List.of(plain(tree)))), "'" + file + "'", "no such file");

    assertEquals(List.of(), names(tars));
  }

  @Test
  void namesATarDirectoryThatIsNotThere() throws IOException {
    Path tars = temporary.resolve("missing");
    LayerBuilder builder = LayerBuilder.create().withTarDirectory(tars.toString());
    List<List<LayerPath>> plan = List.of(List.of(plain(tree("a", "x"))));

    Failures.assertFails(() -> builder.build(plan), "'" + tars + "' does not exist");
  }

  @Test
  void writesTheHistoryItWasGiven() throws IOException {
    History history = new History(Timestamp.ZERO, "me", "", "", false);
    List<List<LayerPath>> plan = List.of(List.of(plain(tree("a", "x"))));

    Layer layer = LayerBuilder.create().withHistory(history).build(plan).getFirst();

    assertEquals(history, layer.history());
    assertEquals(MediaTypes.LAYER, layer.mediaType());
    assertEquals(layer.digest(), layer.diffId());
    assertEquals(plan.getFirst(), layer.paths());
  }

  @Test
  void refusesFilesOfDifferentModesAtOnePlace() throws IOException {
    Path a = tree("a", "bin/x");
    Path b = tree("b", "bin/x");
    mode(b.resolve("bin/x"), "r-xr-xr-x");

    assertConflict(
        moved(a, ""),
        moved(b, ""),
        "'/bin/x'",
        "'" + a + "/bin/x' is a regular file with mode 0444",
        "'" + b + "/bin/x' is a regular file with mode 0555");
  }

  @Test
  void refusesFilesOfDifferentSizesAtOnePlace() throws IOException {
    Path a = tree("a", "bin/x");
    Path b = tree("b", "bin/x");
    mode(b.resolve("bin/x"), "rw-------");
    Files.writeString(b.resolve("bin/x"), "longer than the other");
    mode(b.resolve("bin/x"), "r--r--r--");

    assertConflict(
        moved(a, ""), moved(b, ""), "'/bin/x'", "'" + a + "/bin/x' is a file of 5 bytes", "21 b");
  }

  @Test
  void refusesAFileWhereAnotherHasAFolder() throws IOException {
    Path a = tree("a", "bin/x");
    Path b = tree("b", "bin");

    assertConflict(moved(a, ""), moved(b, ""), "'/bin'", "is a directory", "is a regular file");
  }

  @Test
  void refusesOtherPermissionRulesAtOnePlace() throws IOException {
    Path a = tree("a", "bin/x");
    Path b = tree("b", "bin/x");

    assertConflict(
        moved(a, "", Perm.of("one")),
        moved(b, "", Perm.of("two")),
        "subject to permission rules ['one']",
        "subject to ['two']");
  }

  @Test
  void takesTheLaterOfTwoFilesOfOneModeAndSize() throws IOException {
    Path a = tree("a", "bin/xy");
    Path b = tree("b", "bin/xy");
    mode(b.resolve("bin/xy"), "rw-------");
    Files.writeString(b.resolve("bin/xy"), "later!");
    mode(b.resolve("bin/xy"), "r--r--r--");

    byte[] tar = Streams.tar(moved(a, ""), moved(b, ""));

    assertEquals(
        Digest.of("later!".getBytes(java.nio.charset.StandardCharsets.UTF_8)).value(),
        TarContents.digests(tar).get("bin/xy"));
    assertEquals(1, listing(tar).stream().filter(line -> line.endsWith("bin/xy")).count());
  }

  private static void assertConflict(LayerPath a, LayerPath b, String... texts) {
    List<List<LayerPath>> plan = List.of(List.of(a, b));

    Failures.assertFails(ConflictException.class, () -> LayerBuilder.create().build(plan), texts);
    // In layers of their own they do not meet.
    assertEquals(2, LayerBuilder.create().build(List.of(List.of(a), List.of(b))).size());
  }

  @Test
  void namesABadExpressionAndWhereItIs() throws IOException {
    Path tree = tree("a", "x");
    String path = "'" + tree + "'";

    assertBad(tree, new Rewrite("(", ""), null, "invalid regular expression '('", path);
    assertBad(tree, Rewrite.NONE, Perm.of("a(?=b)"), "invalid regular expression", path);
  }

  @Test
  void namesABadModeAndTheFileItIsFor() throws IOException {
    Path tree = tree("a", "x");

    assertBad(
        tree,
        Rewrite.NONE,
        Perm.of("x$").withMode("rwx"),
        "invalid mode 'rwx'",
        "'" + tree + "/x'",
        "use octal digits");
  }

  private static void assertBad(Path tree, Rewrite rewrite, @Nullable Perm perm, String... texts) {
    PathOptions options = new PathOptions(rewrite, perm == null ? null : List.of(perm));
    List<List<LayerPath>> plan = List.of(List.of(new LayerPath(tree.toString(), options)));

    Failures.assertFails(() -> LayerBuilder.create().build(plan), texts);
  }

  @Test
  void ignoresABadModeThatNoFileGets() throws IOException {
    Path tree = tree("a", "x");
    Perm unused = Perm.of("no such file").withMode("rwx");

    assertEquals(
        Streams.layer(plain(tree)).digest(),
        Streams.layer(
                new LayerPath(tree.toString(), new PathOptions(Rewrite.NONE, List.of(unused))))
            .digest());
  }

  @Test
  void keepsSpecialBitsAndWritesHardLinksAsFiles() throws IOException {
    Path tree = tree("a", "x");
    Files.createLink(tree.resolve("y"), tree.resolve("x"));
    Path sticky = Files.createDirectory(tree.resolve("sticky"));
    Files.setAttribute(tree.resolve("x"), "unix:mode", 06755);
    Files.setAttribute(sticky, "unix:mode", 01777);

    List<TarArchiveEntry> entries = entries(Streams.tar(plain(tree)));

    assertEquals(06755, entry(entries, "/a/x").getMode());
    assertEquals(06755, entry(entries, "/a/y").getMode());
    assertTrue(entry(entries, "/a/x").isFile() && entry(entries, "/a/y").isFile());
    assertEquals(01777, entry(entries, "/a/sticky/").getMode());
  }

  private static TarArchiveEntry entry(List<TarArchiveEntry> entries, String end) {
    return entries.stream().filter(e -> e.getName().endsWith(end)).findFirst().orElseThrow();
  }

  @Test
  void leavesOutWhatARewriteMakesEmptyButNotWhatIsBelow() throws IOException {
    Path tree = tree("a", "x");

    assertEquals(List.of("0755 /", "0444 /x"), normalized(listing(Streams.tar(moved(tree, "")))));
  }

  @Test
  void refusesAFileThatWouldBecomeTheRoot() throws IOException {
    Path file = Files.writeString(store.resolve("file"), "x");
    List<List<LayerPath>> plan = List.of(List.of(moved(file, "/")));

    Failures.assertFails(() -> LayerBuilder.create().build(plan), "'" + file + "'", "'/'");
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
