package dev.strata.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Descriptor;
import dev.strata.blob.Digest;
import dev.strata.blob.Progress;
import dev.strata.internal.cache.SealedCache;
import dev.strata.io.NotFoundException;
import dev.strata.layering.ExcludePatterns;
import dev.strata.layering.LayerPath;
import dev.strata.layering.PathOptions;
import dev.strata.layering.Perm;
import dev.strata.layering.Rewrite;
import dev.strata.testing.Failures;
import dev.strata.testing.Tools;
import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LayerCacheTest {
  /** A digest that no layer has: a layer with it comes from the cache. */
  private static final Digest PLANTED = Digest.parse("sha256:" + "5".repeat(64));

  private static final String HASH = "0123456789abcdfghijklmnpqrsvwxyz";

  @TempDir private Path temporary = Path.of("");
  private Path file = Path.of("");
  private Path folder = Path.of("");

  @BeforeEach
  void makeFolder() throws IOException {
    temporary = temporary.toRealPath();
    file = temporary.resolve("cache/layers");
    folder = Files.createDirectory(temporary.resolve("folder"));
    Files.writeString(folder.resolve("file"), "content");
    Files.createSymbolicLink(folder.resolve("link"), Path.of("file"));
  }

  private LayerBuilder cached() {
    return LayerBuilder.create().withJobs(2).withCache(LayerCache.of(file));
  }

  private static List<List<LayerPath>> plan(Path... paths) {
    return Stream.of(paths).map(path -> List.of(new LayerPath(path.toString(), null))).toList();
  }

  private static List<Layer> fresh(List<List<LayerPath>> plan) {
    return LayerBuilder.create().withJobs(1).build(plan);
  }

  /** Builds until the cache has so many layers: files must not have changed just now. */
  private void remember(List<List<LayerPath>> plan) {
    do {
      assertEquals(fresh(plan), cached().build(plan));
    } while (new SealedCache(file).keys().size() < plan.size());
  }

  /** Changes all digests in the cache. */
  private void plant() {
    SealedCache lines = new SealedCache(file);
    for (String key : lines.keys()) {
      String value = lines.find(key);
      assertTrue(value != null, key);
      lines.put(key, value.replaceFirst("sha256:[0-9a-f]{64}", PLANTED.toString()));
    }
    lines.flush();
  }

  private long planted(LayerBuilder builder, List<List<LayerPath>> plan) {
    return builder.build(plan).stream().filter(layer -> layer.digest().equals(PLANTED)).count();
  }

  @Test
  void unchangedLayersAreNotReadAgain() throws IOException {
    Path other = Files.createDirectory(temporary.resolve("other"));
    List<List<LayerPath>> plan = plan(folder, other);
    remember(plan);
    long size = Files.size(file);
    assertEquals(fresh(plan), cached().build(plan));
    assertEquals(size, Files.size(file), "nothing is added");
    plant();
    assertEquals(2, planted(cached(), plan));

    Files.writeString(other.resolve("new"), "");

    List<Layer> built = cached().build(plan);
    assertEquals(PLANTED, built.get(0).digest());
    assertEquals(fresh(plan).get(1), built.get(1));
  }

  @Test
  void aContentOfTheSameSizeIsReadThoughItsTimeIsRestored() throws IOException {
    Path changing = folder.resolve("file");
    FileTime time = Files.getLastModifiedTime(changing);
    List<List<LayerPath>> plan = plan(folder);
    remember(plan);
    plant();
    for (String content : List.of("CONTENT", "tnetnoc", "content")) {
      Files.writeString(changing, content);
      Files.setLastModifiedTime(changing, time);
      assertEquals(fresh(plan), cached().build(plan));
    }
  }

  @Test
  void filesThatChangeWithinOneSecondAreNeverMistaken() throws IOException {
    List<List<LayerPath>> plan = plan(folder);
    Path changing = folder.resolve("file");
    FileTime time = Files.getLastModifiedTime(changing);
    for (int i = 0; i < 300; i++) {
      Files.writeString(changing, "%07d".formatted(i));
      Files.setLastModifiedTime(changing, time);
      assertEquals(fresh(plan), cached().build(plan));
    }
  }

  private static LayerPath path(Path path, Rewrite rewrite, Perm... perms) {
    return new LayerPath(path.toString(), new PathOptions(rewrite, List.of(perms)));
  }

  @Test
  void otherOptionsAreOtherLayers() throws IOException {
    Path other = Files.createDirectory(temporary.resolve("other"));
    Rewrite moved = Rewrite.moving(folder.toString(), "/x");
    Perm rule = Perm.of("file");
    List<List<LayerPath>> plan = new ArrayList<>();
    for (Perm perm :
        List.of(
            rule,
            rule.withRegex("link"),
            rule.withMode("0700"),
            rule.withOwner(1, 0),
            rule.withOwner(0, 1),
            rule.withOwnerNames("a", ""),
            rule.withOwnerNames("", "a"),
            rule.withOrMode("0111"),
            rule.withMtime(OptionalLong.of(0)),
            rule.withMtime(OptionalLong.of(5)))) {
      plan.add(List.of(path(folder, moved, perm)));
    }
    plan.add(List.of(path(folder, moved, rule.withDirMode("0700"))));
    plan.add(List.of(path(folder, moved, rule, rule.withMode("0600"))));
    plan.add(List.of(path(folder, moved, rule.withMode("0600"), rule)));
    plan.add(List.of(path(folder, Rewrite.moving(folder.toString(), "/y"))));
    plan.add(List.of(path(folder, new Rewrite("^" + folder, "/x$1"))));
    for (List<ExcludePatterns.Rule> excluded :
        List.of(
            List.<ExcludePatterns.Rule>of(),
            List.of(new ExcludePatterns.Rule("file", "")),
            List.of(new ExcludePatterns.Rule("link", "")),
            List.of(new ExcludePatterns.Rule("file", "x")))) {
      PathOptions options = new PathOptions(Rewrite.NONE, null, ExcludePatterns.ofRules(excluded));
      plan.add(List.of(new LayerPath(folder.toString(), options)));
    }
    for (List<Perm> parents : List.of(List.of(rule), List.of(rule.withMode("0700")))) {
      PathOptions options = new PathOptions(Rewrite.NONE, null, null, parents);
      plan.add(List.of(new LayerPath(folder.toString(), options)));
    }
    plan.add(List.of(new LayerPath(folder.toString(), null)));
    plan.add(List.of(new LayerPath(folder + "/", null)));
    plan.add(List.of(new LayerPath(folder.toString(), null), new LayerPath(other + "", null)));
    remember(plan);
    assertEquals(plan.size(), new SealedCache(file).keys().size());
    assertEquals(fresh(plan), cached().build(plan));
  }

  /** If this fails, add what is new to the key in {@code CachedLayers}, and to the test above. */
  @Test
  void allOptionsArePartOfTheKey() {
    assertEquals(List.of("path", "options"), components(LayerPath.class));
    assertEquals(List.of("rewrite", "perms", "excludes", "parents"), components(PathOptions.class));
    assertEquals(List.of("regex", "replacement"), components(Rewrite.class));
    assertEquals(List.of("pattern", "below"), components(ExcludePatterns.Rule.class));
    assertEquals(
        9,
        Stream.of(Perm.class.getDeclaredFields())
            .filter(field -> !Modifier.isStatic(field.getModifiers()))
            .count());
  }

  private static List<String> components(Class<?> type) {
    return Stream.of(type.getRecordComponents()).map(component -> component.getName()).toList();
  }

  private static LayerBuilder withStore(LayerBuilder builder, Path cache, Path store) {
    return builder.withCache(LayerCache.of(cache).withStore(store.toString()));
  }

  @Test
  void filesInStorePathsAreNotLookedAt() throws IOException {
    Path store = Files.createDirectory(temporary.resolve("store"));
    Path path = Files.createDirectory(store.resolve(HASH + "-hello"));
    Path inside = Files.writeString(Files.createDirectory(path.resolve("bin")).resolve("x"), "one");
    List<List<LayerPath>> plan = plan(path);
    List<Layer> before = withStore(cached(), file, store).build(plan);
    assertEquals(fresh(plan), before);
    Files.writeString(inside, "two");
    assertEquals(before, withStore(cached(), file, store).build(plan));
    assertNotEquals(before, cached().build(plan), "without a store, it is a folder");
  }

  @Test
  void aStorePathThatWasBuiltAgainIsRead() throws IOException {
    Path store = Files.createDirectory(temporary.resolve("store"));
    Path path = Files.createDirectory(store.resolve(HASH + "-hello"));
    Files.writeString(path.resolve("x"), "one");
    List<List<LayerPath>> plan = plan(path);
    withStore(cached(), file, store).build(plan);
    // A new one, while the old one still has its inode.
    Path another = Files.createDirectory(temporary.resolve("another"));
    Files.writeString(another.resolve("x"), "two");
    Files.move(path, temporary.resolve("deleted"));
    Files.move(another, path);
    assertEquals(fresh(plan), withStore(cached(), file, store).build(plan));
  }

  @Test
  void aStorePathThatWasDeletedIsMissing() throws IOException {
    Path store = Files.createDirectory(temporary.resolve("store"));
    Path path = Files.createFile(store.resolve(HASH + "-hello"));
    List<List<LayerPath>> plan = plan(path);
    LayerBuilder builder = withStore(cached(), file, store);
    builder.build(plan);
    Files.delete(path);
    Failures.assertFails(() -> builder.build(plan), path.toString());
    assertThrows(NotFoundException.class, () -> builder.build(plan));
  }

  @Test
  void onlyPathsDirectlyInTheStoreAreTrusted() {
    LayerCache cache = LayerCache.of(file).withStore("/s/store");
    assertTrue(cache.isInStore("/s/store/" + HASH + "-a"));
    for (String other :
        List.of(
            "/s/store",
            "/s/store/",
            "/s/store/folder",
            "/s/store/" + HASH,
            "/s/store/" + HASH + "-",
            "/s/store/" + HASH + "-a/b",
            "/s/store/" + HASH.toUpperCase(Locale.ROOT) + "-a",
            "/s/store/.links/" + HASH + "-a",
            "/s/store/../x/" + HASH + "-a",
            "/s/stores/" + HASH + "-a")) {
      assertFalse(cache.isInStore(other), other);
    }
    assertFalse(LayerCache.of(file).isInStore("/nix/store/" + HASH + "-a"));
  }

  /** What a listener hears, without the order and size of the parts that are hashed. */
  private static final class Events implements Progress {
    private final List<String> heard = new ArrayList<>();
    private long done;

    @Override
    public synchronized void planned(int layers, long entries, long bytes) {
      heard.add("planned " + layers + " " + entries + " " + bytes);
    }

    @Override
    public synchronized void privileged(long files, String first) {
      heard.add("privileged " + files + " " + first);
    }

    @Override
    public synchronized void socketsLeftOut(long files, String first) {
      heard.add("sockets " + files + " " + first);
    }

    @Override
    public synchronized void whiteouts(long files, String first) {
      heard.add("whiteouts " + files + " " + first);
    }

    @Override
    public synchronized void replaced(String first, String second) {
      heard.add("replaced " + first + " " + second);
    }

    @Override
    public synchronized void ruleUnused(String path, String regex) {
      heard.add("rule unused " + path + " " + regex);
    }

    @Override
    public synchronized void advanced(long bytes) {
      done += bytes;
    }

    @Override
    public synchronized void finished(int index, Descriptor descriptor) {
      heard.add("finished " + index + " " + descriptor);
    }

    synchronized List<String> all() {
      List<String> sorted = new ArrayList<>(heard);
      sorted.add("done " + done);
      sorted.sort(String::compareTo);
      return sorted;
    }
  }

  private static List<String> events(LayerBuilder builder, List<List<LayerPath>> plan) {
    Events events = new Events();
    builder.withProgress(events).build(plan);
    return events.all();
  }

  @Test
  void theListenerHearsTheSameAsWithoutCache() throws IOException {
    Path clean = Files.createDirectory(temporary.resolve("clean"));
    Path other = Files.createDirectory(temporary.resolve("other"));
    Path odd = Files.createFile(other.resolve("su \n\u00e9"));
    Files.setAttribute(odd, "unix:mode", 04755);
    Files.setAttribute(folder.resolve("file"), "unix:mode", 02755);
    List<List<LayerPath>> plan = plan(clean, other, folder);
    List<String> expected = events(LayerBuilder.create(), plan);
    assertTrue(expected.contains("privileged 2 " + odd), expected.toString());
    assertEquals(expected, events(cached(), plan));
    remember(plan);
    assertEquals(expected, events(cached(), plan));
    // One of them is not known.
    Files.setAttribute(folder.resolve("file"), "unix:mode", 02750);
    assertEquals(events(LayerBuilder.create(), plan), events(cached(), plan));
    Files.setAttribute(odd, "unix:mode", 04750);
    assertEquals(events(LayerBuilder.create(), plan), events(cached(), plan));
  }

  @Test
  void layersWithSomethingToHearOfAreNotRemembered() throws IOException {
    Path deletion = Files.createDirectory(temporary.resolve("deletion"));
    Files.createFile(deletion.resolve(".wh.file"));
    Path again = Files.createDirectory(temporary.resolve("again"));
    Files.writeString(again.resolve("file"), "CONTENT");
    List<List<LayerPath>> plan =
        List.of(
            List.of(new LayerPath(deletion.toString(), null)),
            List.of(
                path(folder, Rewrite.moving(folder.toString(), "/")),
                path(again, Rewrite.moving(again.toString(), "/"))),
            List.of(path(folder, Rewrite.NONE, Perm.of("nothing"))));
    List<String> expected = events(LayerBuilder.create(), plan);
    assertEquals(
        List.of("replaced", "rule", "whiteouts"),
        Stream.of("replaced", "rule", "whiteouts")
            .filter(what -> expected.stream().anyMatch(event -> event.startsWith(what)))
            .toList(),
        expected.toString());
    for (int i = 0; i < 3; i++) {
      assertEquals(expected, events(cached(), plan));
    }
    assertEquals(List.of(), new SealedCache(file).keys());
  }

  @Test
  void knownStatesOfPathsAreUsed() throws IOException {
    List<List<LayerPath>> plan = plan(folder);
    SourceStamps stamps = SourceStamps.take(List.of(folder.toString()));
    LayerBuilder builder = LayerBuilder.create().withCache(LayerCache.of(file), stamps);
    List<Layer> before = builder.build(plan);
    Files.writeString(folder.resolve("file"), "CONTENT");
    assertEquals(before, builder.build(plan), "those of the state");
    assertEquals(fresh(plan), cached().build(plan));
  }

  @Test
  void theFirstBuildRemembersFilesThatWereJustWritten() throws IOException {
    Files.writeString(folder.resolve("file"), "another");
    List<List<LayerPath>> plan = plan(folder);
    cached().build(plan);
    plant();
    assertEquals(1, planted(cached(), plan));
  }

  @Test
  void layersWhoseBytesAreKeptAreRead() throws IOException {
    List<List<LayerPath>> plan = plan(folder);
    remember(plan);
    plant();
    Path kept = Files.createDirectory(temporary.resolve("kept"));
    Layer layer = cached().withTarDirectory(kept.toString()).build(plan).getFirst();
    assertEquals(fresh(plan).getFirst().digest(), layer.digest());
    assertTrue(Files.exists(kept.resolve(layer.digest().hex() + ".tar")));
  }

  @Test
  void aFileThatNoLayerCanContainIsReportedAsWithoutCache() throws Exception {
    Files.delete(folder.resolve("file"));
    Tools.run("mkfifo", folder.resolve("file").toString());
    Failures.assertFails(
        () -> cached().build(plan(folder)), folder + "/file'", "which a layer cannot contain");
  }

  @Test
  void aCacheThatWasCutOffIsWrittenAgain() throws IOException {
    List<List<LayerPath>> plan = plan(folder);
    remember(plan);
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length += 7) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertEquals(fresh(plan), cached().build(plan));
      plant();
      assertEquals(1, planted(cached(), plan), "after " + length + " bytes");
    }
  }

  @Test
  void aCacheThatCannotBeUsedCostsOnlyTime() throws IOException {
    List<List<LayerPath>> plan = plan(folder);
    Path notAFolder = Files.createFile(temporary.resolve("file"));
    Path open = Files.createDirectory(temporary.resolve("open"));
    Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
    for (Path cache : List.of(notAFolder.resolve("cache"), folder, open.resolve("cache"))) {
      LayerBuilder builder = LayerBuilder.create().withCache(LayerCache.of(cache));
      for (int i = 0; i < 2; i++) {
        assertEquals(fresh(plan), builder.build(plan), cache.toString());
      }
    }
    try (Stream<Path> files = Files.list(open)) {
      assertEquals(0, files.count(), "others could write there");
    }
  }

  /**
   * The key of a layer contains the version of the streams. If this fails because the streams have
   * changed on purpose, increase {@code CachedLayers.STREAMS}, and then record the new digest.
   */
  @Test
  void theStreamsAreThoseOfTheVersionInTheKey() throws IOException {
    Path tree = Files.createDirectory(temporary.resolve("tree"));
    Files.writeString(tree.resolve("plain"), "content");
    Files.setPosixFilePermissions(
        tree.resolve("plain"), PosixFilePermissions.fromString("rw-r--r--"));
    Files.createSymbolicLink(tree.resolve("link"), Path.of("plain"));
    Files.writeString(tree.resolve("n".repeat(120) + "\u00e9"), "");
    Files.setPosixFilePermissions(
        tree.resolve("n".repeat(120) + "\u00e9"), PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("rwxr-xr-x"));
    Perm rule = Perm.of("plain").withOwner(3_000_000, 5).withOwnerNames("user", "group");
    LayerPath path = path(tree, Rewrite.moving(tree.toString(), "/app"), rule);
    assertEquals(
        "sha256:3faeb6f29176679c2988d96125e23d4fed21ccefcaafeefdee0f9ba66fafebf8",
        fresh(List.of(List.of(path))).getFirst().digest().toString());
    assertTrue(
        cached().build(List.of(List.of(path))).size() == 1
            && new SealedCache(file).keys().stream().allMatch(key -> key.endsWith(" tar-1")));
  }

  /** Changes files of a tree at random, often such that size and time stay the same. */
  private static final class RandomEdits {
    private static final int FOLDERS = 6;

    private final Random random = new Random(42);
    private final Path root;
    private Path edited;

    RandomEdits(Path root) throws IOException {
      this.root = root;
      this.edited = root.resolve("f0");
      for (int i = 0; i < FOLDERS; i++) {
        Path tree = Files.createDirectories(root.resolve("f" + i).resolve("sub"));
        Files.writeString(tree.resolve("a"), "aaaa");
        Files.writeString(tree.resolveSibling("b"), "bbbb");
        Files.createSymbolicLink(tree.resolveSibling("l"), Path.of("b"));
      }
    }

    List<List<LayerPath>> plan() {
      List<List<LayerPath>> plan = new ArrayList<>();
      for (int i = 0; i + 1 < FOLDERS; i++) {
        plan.add(List.of(new LayerPath(root.resolve("f" + i).toString(), null)));
      }
      String last = root.resolve("f" + (FOLDERS - 1)).toString();
      Rewrite moved = Rewrite.moving(root.resolve("f0").toString(), "/moved");
      plan.add(
          List.of(
              path(root.resolve("f0"), moved, Perm.of("f0").withMode("0600")),
              new LayerPath(last, null)));
      return plan;
    }

    /** Returns any file, folder or link below the folder that is edited. */
    private @Nullable Path any() throws IOException {
      try (Stream<Path> files = Files.walk(edited)) {
        List<Path> all = files.filter(p -> !p.equals(edited)).toList();
        return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
      }
    }

    private Path folder() throws IOException {
      try (Stream<Path> files = Files.walk(edited)) {
        List<Path> all =
            files.filter(p -> Files.isDirectory(p, LinkOption.NOFOLLOW_LINKS)).toList();
        return all.get(random.nextInt(all.size()));
      }
    }

    private String text() {
      return "%04x".formatted(random.nextInt(1 << 16));
    }

    /** Makes one change, most often below a certain folder, so that the others grow old. */
    void edit(int folder) throws IOException {
      edited = root.resolve("f" + (random.nextInt(50) == 0 ? random.nextInt(FOLDERS) : folder));
      Path file = any();
      boolean regular = file != null && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
      switch (random.nextInt(11)) {
        case 0, 1, 2 -> {
          if (regular) {
            Files.writeString(file, text());
          }
        }
        case 3, 4 -> {
          if (regular) {
            FileTime time = Files.getLastModifiedTime(file);
            Files.writeString(file, text());
            Files.setLastModifiedTime(file, time);
          }
        }
        case 5 -> Files.writeString(folder().resolve("n" + text()), text());
        case 6 -> {
          if (file != null && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
            Files.delete(file);
          }
        }
        case 7 -> {
          if (regular) {
            Files.setPosixFilePermissions(
                file,
                PosixFilePermissions.fromString(random.nextBoolean() ? "rwxr-xr-x" : "rw-r--r--"));
          }
        }
        case 8 -> {
          Path link = folder().resolve("l");
          if (Files.deleteIfExists(link)) {
            Files.createSymbolicLink(link, Path.of(text()));
          }
        }
        case 9 -> {
          if (regular) {
            Path copy = Files.writeString(root.resolve("copy"), text());
            Files.setLastModifiedTime(copy, Files.getLastModifiedTime(file));
            Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
          }
        }
        default -> {
          Path below = folder();
          Path added = Files.createDirectory(below.resolve("d" + text()));
          if (random.nextBoolean()) {
            Files.delete(added);
          }
        }
      }
    }
  }

  @Test
  void aThousandRandomEditsAreNeverMissed() throws IOException {
    RandomEdits edits = new RandomEdits(Files.createDirectory(temporary.resolve("edited")));
    List<List<LayerPath>> plan = edits.plan();
    LayerBuilder builder = cached().withJobs(1);
    for (int i = 0; i < 1_000; i++) {
      edits.edit(i * RandomEdits.FOLDERS / 1_000);
      assertEquals(fresh(plan), builder.build(plan), "after edit " + i);
    }
    int remembered = new SealedCache(file).keys().size();
    assertTrue(remembered > plan.size(), remembered + " layers were remembered");
    do {
      assertEquals(fresh(plan), builder.build(plan));
    } while (!allAreRemembered(builder, plan));
  }

  private boolean allAreRemembered(LayerBuilder builder, List<List<LayerPath>> plan)
      throws IOException {
    byte[] before = Files.readAllBytes(file);
    plant();
    boolean all = planted(builder, plan) == plan.size();
    Files.write(file, before);
    return all;
  }
}
