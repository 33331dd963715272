package dev.strata.internal.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.internal.files.CaseHack;
import dev.strata.internal.files.SourceFiles;
import dev.strata.io.ConflictException;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.layering.LayerPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The suffix that Nix adds to names on macOS. */
final class CaseHackTest {
  private static final String SUFFIX = "~nix~case~hack~";

  @TempDir private Path folder = Path.of("");

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "/nix/store/x/README, /nix/store/x/README",
    "/nix/store/x/readme#1, /nix/store/x/readme",
    "/nix/store/x#1/a#2/b#3, /nix/store/x/a/b",
    "/a#1b/c, /a/c",
    "/a#1#2, /a",
    "/a~nix~case~hack/b~nix~, /a~nix~case~hack/b~nix~",
    "/~nix~nix~case~hack~1, /~nix",
    "/#1, /",
    "/a/#1/b, /a/b",
    "/a/..#1, /",
    "//a//b/, /a/b",
    "a#1/b, a/b",
    "#1/b, b",
    "#1, ''",
    "/, /",
    "'', ''"
  })
  void aNameEndsBeforeTheFirstSuffix(String path, String stripped) {
    byte[] name = bytes(path.replace("#", SUFFIX));
    assertEquals(stripped, FileNames.decode(CaseHack.strip(name)));
    assertEquals(path.contains("#") || path.contains("~nix~nix"), CaseHack.isIn(name));
  }

  private FileTree tree(boolean caseHack) {
    String path = folder.toString();
    try (SourceFiles files = SourceFiles.open()) {
      PathScan scan = PathScan.of(path, files, () -> {}, null, caseHack);
      return TreeBuilder.build(List.of(new LayerPath(path, null)), List.of(scan), files);
    }
  }

  private List<String> names(FileTree tree) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < tree.count(); i++) {
      byte[] path = new byte[tree.pathLength(i)];
      tree.path(i, path);
      String name = FileNames.decode(path);
      if (name.startsWith(folder + "/")) {
        names.add(name.substring(folder.toString().length() + 1));
      }
    }
    return names;
  }

  @Test
  void filesAreSortedByTheirOwnNamesAndReadUnderTheOnesHere() throws IOException {
    Files.writeString(folder.resolve("b" + SUFFIX + "1"), "");
    Files.writeString(folder.resolve("b."), "");
    Files.createDirectory(folder.resolve("c" + SUFFIX + "1"));
    Files.createSymbolicLink(
        folder.resolve("c" + SUFFIX + "1/l" + SUFFIX + "2"), Path.of("x" + SUFFIX + "1"));

    FileTree tree = tree(true);
    assertEquals(List.of("b", "b.", "c", "c/l"), names(tree));
    int link = tree.count() - 1;
    byte[] target = new byte[tree.linkLength(link)];
    tree.link(link, target);
    assertEquals("x" + SUFFIX + "1", FileNames.decode(target));
    assertFalse(tree.isInPlace(link));
    byte[] source = new byte[tree.sourcePathLength(link)];
    tree.sourcePath(link, source);
    assertTrue(FileNames.decode(source).endsWith("/l" + SUFFIX + "2"));
    assertTrue(names(tree(false)).contains("b" + SUFFIX + "1"));
  }

  @Test
  void filesOfDifferentSizesMustNotBecomeOne() throws IOException {
    Files.writeString(folder.resolve("a"), "one");
    Files.writeString(folder.resolve("a" + SUFFIX + "1"), "three");

    String message = assertThrows(ConflictException.class, () -> tree(true)).getMessage();
    assertTrue(message.contains("a" + SUFFIX + "1' is a file of 5 bytes"), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", ".."})
  void aNameMustRemain(String name) throws IOException {
    Path file = Files.createFile(folder.resolve(name + SUFFIX + "1"));

    String message = assertThrows(InvalidInputException.class, () -> tree(true)).getMessage();
    assertEquals(
        "no name is left of '"
            + file
            + "' without the suffix that Nix adds on macOS; rename it in the store path",
        message);
    assertNotNull(tree(false));
  }

  @Test
  void storePathsWithTheSuffixAreMerged() {
    List<LayerPath> paths =
        List.of(new LayerPath("/s/a", null), new LayerPath("/s/a" + SUFFIX + "1", null));
    assertNull(SeparatePaths.of(paths, true));
    assertNotNull(SeparatePaths.of(paths, false));
  }
}
