package dev.strata.layering;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.io.InvalidInputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ExcludePatternsTest {
  @TempDir private Path folder = Path.of("");

  private static boolean excludes(String path, String... patterns) {
    return ExcludePatterns.of(List.of(patterns)).excludes(path);
  }

  /** The cases of Docker's documentation on .dockerignore, and those of its test suite. */
  @ParameterizedTest
  @CsvSource({
    "*/temp*, somedir/temporary.txt, true",
    "*/temp*, somedir/temp, true",
    "*/temp*, temp, false",
    "*/temp*, a/b/temp, false",
    "*/*/temp*, somedir/subdir/temporary.txt, true",
    "temp?, tempa, true",
    "temp?, temp, false",
    "temp?, tempab, false",
    "temp?, a/tempa, false",
    "**/*.go, main.go, true",
    "**/*.go, a/b/c/main.go, true",
    "**/*.go, main.gop, false",
    "**, a/b, true",
    "**/, file, true",
    "**/**, dir/dir2/file, true",
    "dir/**, dir/file, true",
    "dir/**, dir, false",
    "**/dir2/*, dir/dir2/file, true",
    "**/dir2/**, dir/dir2/dir2/file, true",
    "**file, file, true",
    "**file, dir/dir/file, true",
    "**/file, dir/file, true",
    "**/file*, dir/dir/file.txt, true",
    "**/file*txt, dir/dir/file.txt, true",
    "a[b-d]e, ace, true",
    "a[^b-d]e, ace, false",
    "a[^b-d]e, afe, true",
    "a\\*b, a*b, true",
    "a\\*b, axb, false",
    "a.b, axb, false",
    "a(b)c, a(b)c, true",
    "/foo, foo, true",
    "/foo, a/foo, false",
    "foo/, foo, true",
    "./foo/../bar, bar, true",
    "foo, foo/bar/baz, true",
    "foo, foobar, false",
    "**/__pycache__, a/__pycache__/x.pyc, true",
    "**/.git, .git/HEAD, true",
    ".?*, .env, true",
    "*é, caffé, true",
    "caff?, caffé, true"
  })
  void matchesAsDockerDoes(String pattern, String path, boolean excluded) {
    assertEquals(excluded, excludes(path, pattern));
  }

  @Test
  void theLastPatternThatMatchesDecides() {
    assertFalse(excludes("README.md", "*.md", "!README.md"));
    assertTrue(excludes("other.md", "*.md", "!README.md"));
    assertTrue(excludes("README-secret.md", "*.md", "!README*.md", "README-secret.md"));
    assertFalse(excludes("README-secret.md", "*.md", "README-secret.md", "!README*.md"));
    assertFalse(excludes("src/a/b.c", "*", "!src"));
    assertTrue(excludes("doc/a", "*", "!src"));
    assertFalse(excludes("a/keep/x", "a", "!a/keep"));
    assertTrue(excludes("a/other", "a", "!a/keep"));
  }

  @Test
  void readsAFileWithCommentsAndBlankLines() throws IOException {
    Path file = folder.resolve(".dockerignore");
    Files.writeString(file, "\uFEFF# comment\n\n  *.log  \r\n!keep.log\n #x\n");

    ExcludePatterns read = ExcludePatterns.read(file);

    assertEquals(
        List.of("*.log", "!keep.log", "#x"),
        read.rules().stream().map(ExcludePatterns.Rule::pattern).toList());
    assertTrue(read.excludes("a.log"));
    assertFalse(read.excludes("keep.log"));
    assertTrue(read.hasExceptions());
  }

  @Test
  void matchesPathsOfAFolderBelowTheOneOfThePatterns() {
    ExcludePatterns below = ExcludePatterns.of(List.of("src/a", "**/b", "c")).below("src");

    assertTrue(below.excludes("a"));
    assertTrue(below.excludes("x/b"));
    assertFalse(below.excludes("c"));
    assertTrue(ExcludePatterns.of(List.of("src")).below("src/deep").excludes("any"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"!", "", "[a", "a\\", "  "})
  void refusesWhatIsNoPattern(String pattern) {
    assertThrows(InvalidInputException.class, () -> ExcludePatterns.of(List.of(pattern)));
  }
}
