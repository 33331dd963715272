package dev.strata.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.explain.FileEntry.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

final class FilesDiffTest {
  private static final String HASH = "0c9mk2vv2wzbvmnsrb3n1a7dyg4smj4";
  private static final String OLD = "/nix/store/" + HASH + "0-app-1.0";
  private static final String NEW = "/nix/store/" + HASH + "1-app-1.1";
  private static final String OLD_LIB = "/nix/store/" + HASH + "2-lib-1";
  private static final String NEW_LIB = "/nix/store/" + HASH + "3-lib-2";
  private static final String ADDED = "/nix/store/" + HASH + "4-added";

  private static LayerFiles.Entry entry(
      String path, Type type, int mode, String link, Map<String, String> attributes) {
    return new LayerFiles.Entry(
        new FileEntry(path, type, mode, 0, 0, 0, 1, link, attributes),
        type == Type.FILE ? new Checksum(1, 2) : null);
  }

  private static LayerFiles.Entry file(String path) {
    return entry(path, Type.FILE, 0644, "", Map.of());
  }

  private static LayerFiles.Entry folder(String path, int mode) {
    return entry(path, Type.DIRECTORY, mode, "", Map.of());
  }

  private static LayerFiles.Entry link(String path, String target) {
    return entry(path, Type.SYMLINK, 0777, target, Map.of());
  }

  private static ImageFiles image(LayerFiles.Entry... entries) {
    return ImageFiles.of(List.of(new LayerFiles(List.of(entries), 0)));
  }

  private static List<String> changes(ImageFiles before, ImageFiles after) {
    List<String> lines = new ArrayList<>();
    FilesDiff.of(before, after, false)
        .forEach(change ->
            lines.add(
                (change.before() == null ? "A " : change.after() == null ? "D " : "M ")
                    + change.path()
                    + new TreeSet<>(change.properties())
                    + (change.inWholePath() ? " whole" : "")
                    + (change.replaced() == null ? "" : " replaced")));
    return lines;
  }

  @Test
  void extendedAttributesAreCompared() {
    Map<String, String> ping = Map.of("security.capability", "a", "user.b", "b");
    Map<String, String> less = Map.of("security.capability", "a");
    Map<String, String> other = Map.of("security.capability", "c", "user.b", "b");
    for (Map<String, String> now : List.of(less, other, Map.<String, String>of())) {
      assertEquals(
          List.of("M /ping[ATTRIBUTES]"),
          changes(
              image(entry("/ping", Type.FILE, 0755, "", ping)),
              image(entry("/ping", Type.FILE, 0755, "", now))));
    }
    assertEquals(
        List.of(),
        changes(
            image(entry("/ping", Type.FILE, 0755, "", ping)),
            image(entry("/ping", Type.FILE, 0755, "", Map.copyOf(ping)))));
  }

  @Test
  void aFolderThatIsNotListedHasUsualProperties() {
    ImageFiles implied = image(file("/d/e/f"));
    assertEquals(
        List.of(),
        changes(implied, image(folder("/d", 0755), folder("/d/e", 0755), file("/d/e/f"))));
    ImageFiles listed = image(folder("/d", 0700), folder("/d/e", 0755), file("/d/e/f"));
    assertEquals(List.of("M /d[MODE]"), changes(implied, listed));
    assertEquals(List.of("M /d[MODE]"), changes(listed, implied));
  }

  @Test
  void anEmptyFolderIsOnlyThereIfItIsListed() {
    ImageFiles without = image(file("/a"));
    ImageFiles with = image(file("/a"), folder("/d", 0755), file("/d-x"));
    assertEquals(List.of("A /d[]", "A /d-x[]"), changes(without, with));
    assertEquals(List.of("D /d[]", "D /d-x[]"), changes(with, without));
  }

  @Test
  void theRootMayBeImplied() {
    assertEquals(List.of(), changes(image(file("/a")), image(folder("/", 0755), file("/a"))));
    assertEquals(
        List.of("M /[MODE]"), changes(image(file("/a")), image(folder("/", 0700), file("/a"))));
  }

  @Test
  void aReplacedStorePathIsComparedWithTheOneInItsPlace() {
    ImageFiles before =
        image(
            file("/etc/same"),
            folder(OLD, 0555),
            file(OLD + "/bin"),
            file(OLD + "/gone"),
            link(OLD + "/lib", OLD_LIB + "/so"),
            link(OLD + "/moved", OLD_LIB + "/so"),
            file(OLD_LIB));
    ImageFiles after =
        image(
            file("/etc/same"),
            file(ADDED + "/x"),
            folder(NEW, 0755),
            file(NEW + "/bin"),
            link(NEW + "/lib", NEW_LIB + "/so"),
            link(NEW + "/moved", NEW_LIB + "/other"),
            file(NEW + "/new"),
            file(NEW_LIB));
    assertEquals(
        List.of(
            "A " + ADDED + "/x[] whole",
            "M " + NEW + "[MODE] replaced",
            "D " + OLD + "/gone[] replaced",
            "M " + NEW + "/moved[LINK] replaced",
            "A " + NEW + "/new[] replaced"),
        changes(before, after));
    StorePathsDiff paths = FilesDiff.of(before, after, false).storePaths();
    assertEquals(2, paths.replaced().size());
    assertEquals(ADDED, paths.added().getFirst().path());
    assertEquals(List.of(), paths.removed());
  }

  @Test
  void aFolderInAReplacedStorePathMayBeImplied() {
    ImageFiles before = image(folder(OLD, 0555), file(OLD + "/share/doc"));
    ImageFiles after = image(file(NEW + "/share/doc"), folder(NEW + "/share", 0700));
    assertEquals(
        List.of("M " + NEW + "[MODE] replaced", "M " + NEW + "/share[MODE] replaced"),
        changes(before, after));
  }

  @Test
  void timesAreComparedOnRequest() {
    ImageFiles before = image(file("/a"));
    ImageFiles after =
        image(
            new LayerFiles.Entry(
                new FileEntry("/a", Type.FILE, 0644, 0, 0, 0, 2, "", Map.of()),
                new Checksum(1, 2)));
    assertEquals(List.of(), changes(before, after));
    List<FilesDiff.Change> found = new ArrayList<>();
    FilesDiff.of(before, after, true).forEach(found::add);
    assertEquals(java.util.Set.of(FilesDiff.Property.MTIME), found.getFirst().properties());
  }
}
