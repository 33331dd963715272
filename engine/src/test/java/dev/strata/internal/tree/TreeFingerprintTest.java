package dev.strata.internal.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.strata.internal.files.SourceFiles;
import dev.strata.testing.FileModes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TreeFingerprintTest {
  /** Long after any file was changed. */
  private static final long LATER = Instant.parse("2200-01-01T00:00:00Z").toEpochMilli();

  @TempDir private Path temporary = Path.of("");
  private Path tree = Path.of("");
  private Path file = Path.of("");

  @BeforeEach
  void makeTree() throws IOException {
    tree = Files.createDirectory(temporary.toRealPath().resolve("tree"));
    file = Files.writeString(tree.resolve("file"), "content");
    Files.writeString(Files.createDirectories(tree.resolve("a/b")).resolve("deep"), "x");
    Files.createSymbolicLink(tree.resolve("link"), Path.of("file"));
  }

  private byte @Nullable [] at(long now) {
    return of(tree, now);
  }

  private static byte @Nullable [] of(Path path, long now) {
    try (SourceFiles files = SourceFiles.open()) {
      return new TreeFingerprint(files, now).of(path.toString());
    }
  }

  private byte[] later() {
    return Objects.requireNonNull(at(LATER));
  }

  private interface Edit {
    void run() throws IOException;
  }

  private void assertNoticed(Edit edit) throws IOException {
    byte[] before = later();
    assertArrayEquals(before, later());
    edit.run();
    assertFalse(Arrays.equals(before, later()));
  }

  private static long changed(Path path) throws IOException {
    FileTime time = (FileTime) Files.getAttribute(path, "unix:ctime", LinkOption.NOFOLLOW_LINKS);
    return time.toMillis();
  }

  /** Waits until a file that changes now has a later time than one that changed before. */
  private void awaitTick() throws IOException {
    Path probe = temporary.resolve("probe");
    long before = changed(Files.writeString(probe, ""));
    while (changed(Files.writeString(probe, "")) == before) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aNewContentOfTheSameSizeIsNoticedThoughTheTimeIsRestored() throws IOException {
    FileTime time = Files.getLastModifiedTime(file);
    awaitTick();
    assertNoticed(() -> {
      Files.writeString(file, "CONTENT");
      Files.setLastModifiedTime(file, time);
    });
  }

  @Test
  void aNewModeIsNoticed() throws IOException {
    assertNoticed(() -> Files.setAttribute(file, "unix:mode", 0700));
    assertNoticed(() -> Files.setAttribute(tree.resolve("a"), "unix:mode", 0700));
  }

  @Test
  void anotherFileOfTheSameTimesIsNoticed() throws IOException {
    Path other = Files.writeString(tree.resolve("other"), "CONTENT");
    Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
    assertNoticed(() -> Files.move(other, file, StandardCopyOption.REPLACE_EXISTING));
  }

  @Test
  void anotherTargetOfALinkIsNoticed() throws IOException {
    assertNoticed(() -> {
      Files.delete(tree.resolve("link"));
      Files.createSymbolicLink(tree.resolve("link"), Path.of("elif"));
    });
  }

  @Test
  void aFileThatCameAndWentIsNoticed() throws IOException {
    awaitTick();
    assertNoticed(() -> {
      Files.writeString(tree.resolve("a/b/temporary"), "");
      Files.delete(tree.resolve("a/b/temporary"));
    });
  }

  @Test
  void emptyDirectoriesAtOtherPlacesAreNoticed() throws IOException {
    Files.createDirectories(tree.resolve("a/empty"));
    assertNoticed(() -> Files.move(tree.resolve("a/empty"), tree.resolve("empty")));
  }

  @Test
  void bothWaysOfReadingFilesAgree() throws IOException {
    Path link = Files.createSymbolicLink(temporary.resolve("top"), tree);
    for (Path path : new Path[] {tree, file, link}) {
      assertArrayEquals(
          FileModes.with("nio", () -> of(path, LATER)),
          FileModes.with("native", () -> of(path, LATER)));
    }
  }

  @Test
  void filesThatChangedJustNowHaveNoFingerprint() throws IOException {
    long last = changed(tree.resolve("link"));
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000));
    last = Math.max(last, changed(file));
    assertNull(at(last - 1));
    assertNull(at(last));
    assertNotNull(at(last + 5_000));
  }

  @Test
  void timesInTheFutureAreNotTrusted() throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2210-01-01T00:00:00Z")));
    assertNull(at(LATER));
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2199-01-01T00:00:00Z")));
    assertNotNull(at(LATER));
  }

  @Test
  void timesOfCoarseClocksAreTrustedLater() throws IOException {
    // The time of the last change cannot be set: files of the year 2100 are looked at in that year.
    Instant fine = Instant.parse("2100-01-01T00:00:00.123456789Z");
    Files.setLastModifiedTime(file, FileTime.from(fine));
    assertNull(at(fine.toEpochMilli() + 50));
    assertNotNull(at(fine.toEpochMilli() + 200));
    Instant coarse = Instant.parse("2100-01-01T00:00:02Z");
    Files.setLastModifiedTime(file, FileTime.from(coarse));
    assertNull(at(coarse.toEpochMilli() + 2_000));
    assertNotNull(at(coarse.toEpochMilli() + 3_000));
  }
}
