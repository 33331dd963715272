package dev.strata.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Progress;
import dev.strata.internal.cache.SealedFiles;
import dev.strata.layering.LayerPath;
import dev.strata.testing.FileModes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ScanRecordTest {
  private static final int FOLDERS = 60;
  private static final int FILES = 20;

  @TempDir private Path temporary = Path.of("");
  private Path folder = Path.of("");
  private LayerCache cache = LayerCache.NONE;

  @BeforeEach
  void makeFolder() throws IOException {
    temporary = temporary.toRealPath();
    folder = temporary.resolve("folder");
    cache = LayerCache.of(temporary.resolve("cache/layers"));
    for (int i = 0; i < FOLDERS; i++) {
      Path below = Files.createDirectories(folder.resolve("a" + i % 7 + "/b" + i));
      for (int j = 0; j < FILES; j++) {
        Files.writeString(below.resolve("file" + j), i + " " + j);
      }
      Files.createSymbolicLink(below.resolve("link"), Path.of("file" + i));
    }
  }

  private SealedFiles known() {
    SealedFiles files = cache.folders();
    assertNotNull(files);
    return files;
  }

  private @Nullable SourceStamp take(LayerCache remembering) {
    return SourceStamps.take(List.of(folder.toString()), 2, Progress.NONE, remembering)
        .of(folder.toString());
  }

  private @Nullable ScanRecord record() {
    return ScanRecord.find(known(), folder.toString());
  }

  private boolean isCurrent() {
    ScanRecord record = record();
    return record != null && record.isCurrent(2, Progress.NONE);
  }

  /** Takes the state until it is remembered: files must not have changed just now. */
  private void remember() {
    do {
      assertEquals(take(LayerCache.NONE), take(cache));
    } while (!isCurrent());
  }

  @Test
  void theStateOfALargeFolderIsRemembered() {
    assertFalse(ScanRecord.isKnown(known(), folder.toString()));
    remember();
    assertTrue(ScanRecord.isKnown(known(), folder.toString()));
    SourceStamp scanned = take(LayerCache.NONE);
    assertNotNull(scanned);
    ScanRecord record = record();
    assertNotNull(record);
    assertEquals(scanned.digest(), record.digest());
    assertEquals(scanned.newest(), record.newest());
    for (String way : List.of("nio", "native")) {
      assertTrue(FileModes.with(way, this::isCurrent), way);
      assertEquals(scanned, FileModes.with(way, () -> take(cache)), way);
    }
  }

  @Test
  void fewFilesAreNotRemembered() throws IOException {
    folder = folder.resolve("a1");
    while (take(cache) == null || take(LayerCache.NONE) == null) {
      // Until it is certain.
    }
    assertFalse(ScanRecord.isKnown(known(), folder.toString()));
    assertFalse(Files.exists(temporary.resolve("cache/folder-states")));
  }

  @Test
  void aRecordCanBeDeletedOrDamaged() throws IOException {
    remember();
    SourceStamp expected = take(LayerCache.NONE);
    Path file;
    try (Stream<Path> files = Files.list(temporary.resolve("cache/folder-states"))) {
      file = files.toList().getFirst();
    }
    byte[] bytes = Files.readAllBytes(file);
    Random random = new Random(2);
    for (int i = 0; i < 50; i++) {
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(Byte.SIZE));
      Files.write(file, damaged);
      assertNull(record());
      assertEquals(expected, take(cache));
      assertArrayEquals(bytes, Files.readAllBytes(file), "it is written again");
    }
    Files.delete(file);
    assertEquals(expected, take(cache));
    assertTrue(isCurrent());
  }

  @Test
  void aRecordOfAnotherFolderIsNotUsed() throws IOException {
    remember();
    Path before = temporary.resolve("before");
    Files.move(folder, before);
    assertFalse(isCurrent());
    assertNull(take(cache));
    Files.move(before, folder);
    // The folder itself has changed, and what it contains has not.
    assertEquals(take(LayerCache.NONE), take(cache));
  }

  /** Each state is compared with one that is taken without a record, and each layer likewise. */
  @Test
  void randomChangesAreNoticed() throws IOException {
    Random random = new Random(4);
    List<List<LayerPath>> plan = List.of(List.of(new LayerPath(folder.toString(), null)));
    LayerBuilder builder = LayerBuilder.create().withJobs(2);
    remember();
    for (int i = 0; i < 200; i++) {
      change(random);
      if (random.nextInt(4) == 0) {
        // Another build in the meantime.
        remember();
        assertTrue(isCurrent());
        change(random);
      }
      assertFalse(isCurrent(), "change " + i);
      assertEquals(take(LayerCache.NONE), take(cache));
      if (i % 10 == 0) {
        assertEquals(builder.build(plan), builder.withCache(cache).build(plan));
      }
    }
  }

  private void change(Random random) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(folder)) {
      all = new ArrayList<>(files.toList());
    }
    Path path = all.get(1 + random.nextInt(all.size() - 1));
    if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      switch (random.nextInt(3)) {
        case 0 -> Files.createFile(path.resolve("new" + random.nextLong()));
        case 1 -> Files.createDirectory(path.resolve("new" + random.nextLong()));
        default -> Files.move(path, path.resolveSibling("moved" + random.nextLong()));
      }
    } else if (Files.isSymbolicLink(path)) {
      Files.delete(path);
      Files.createSymbolicLink(path, Path.of("x" + random.nextLong()));
    } else {
      FileTime time = Files.getLastModifiedTime(path);
      switch (random.nextInt(4)) {
        case 0 -> Files.delete(path);
        case 1 -> Files.setAttribute(path, "unix:mode", 0600 + random.nextInt(64));
        case 2 -> Files.setLastModifiedTime(path, FileTime.fromMillis(random.nextInt()));
        default -> {
          byte[] content = Files.readAllBytes(path);
          random.nextBytes(content);
          Files.write(path, content);
          Files.setLastModifiedTime(path, time);
        }
      }
    }
  }
}
