package dev.strata.internal.cache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SealedFilesTest {
  private static final byte[] VALUE = "value".getBytes(UTF_8);
  private static final byte[] OTHER = "other".getBytes(UTF_8);

  @TempDir private Path directory = Path.of("");
  private Path folder = directory;

  @BeforeEach
  void chooseFolder() {
    folder = directory.resolve("cache/layers");
  }

  private byte @Nullable [] find(String key) {
    return new SealedFiles(folder).find(key);
  }

  private void put(String key, byte[] value) {
    new SealedFiles(folder).put(key, value);
  }

  private void used(String key, Duration ago) throws IOException {
    Files.setLastModifiedTime(folder.resolve(key), FileTime.from(Instant.now().minus(ago)));
  }

  private long count() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.count();
    }
  }

  @Test
  void aValueIsFoundByItsKey() {
    assertNull(find("a"));
    put("a", VALUE);
    put("b", OTHER);
    assertArrayEquals(VALUE, find("a"));
    assertArrayEquals(OTHER, find("b"));
    put("a", OTHER);
    assertArrayEquals(OTHER, find("a"));
  }

  @Test
  void aValueMayBeLarge() {
    byte[] large = new byte[200_001];
    new Random(1).nextBytes(large);
    put("a", large);
    assertArrayEquals(large, find("a"));
  }

  @Test
  void theOldestOfTooManyBytesAreRemoved() throws IOException {
    SealedFiles small = new SealedFiles(folder, 1000);
    for (int i = 0; i < 3; i++) {
      small.put("key" + i, new byte[300]);
      used("key" + i, Duration.ofHours(3 - i));
    }
    assertEquals(3, count());
    small.put("another", new byte[300]);
    assertNull(find("key0"));
    assertArrayEquals(new byte[300], find("key1"));
    assertArrayEquals(new byte[300], find("another"));
  }

  @Test
  void aValueMayBeEmpty() {
    put("a", new byte[0]);
    assertArrayEquals(new byte[0], find("a"));
  }

  @Test
  void aChangedFileCountsAsMissing() throws IOException {
    put("a", VALUE);
    byte[] sealed = Files.readAllBytes(folder.resolve("a"));
    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      Files.write(folder.resolve("a"), changed);
      assertNull(find("a"), "byte " + i);
    }
    Files.write(folder.resolve("a"), sealed);
    assertArrayEquals(VALUE, find("a"));
  }

  @Test
  void aFileThatWasCutOffCountsAsMissing() throws IOException {
    put("a", VALUE);
    byte[] sealed = Files.readAllBytes(folder.resolve("a"));
    for (int length = 0; length < sealed.length; length++) {
      Files.write(folder.resolve("a"), Arrays.copyOf(sealed, length));
      assertNull(find("a"), length + " bytes");
    }
  }

  @Test
  void aFileOfAnotherKeyCountsAsMissing() throws IOException {
    put("a", VALUE);
    Files.move(folder.resolve("a"), folder.resolve("b"));
    assertNull(find("b"));
  }

  @Test
  void aFileThatOthersCanChangeIsIgnored() throws IOException {
    put("a", VALUE);
    Files.setPosixFilePermissions(
        folder.resolve("a"), PosixFilePermissions.fromString("rw-rw-rw-"));
    assertNull(find("a"));
  }

  @Test
  void aFolderThatOthersCanChangeIsIgnored() throws IOException {
    put("a", VALUE);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    assertNull(find("a"));
    put("b", VALUE);
    assertEquals(1, count());
  }

  @Test
  void aFolderThatCannotBeCreatedIsIgnored() throws IOException {
    Files.write(directory.resolve("cache"), VALUE);
    put("a", VALUE);
    assertNull(find("a"));
  }

  @Test
  void filesThatAreNotUsedAreRemoved() throws IOException {
    put("old", VALUE);
    put("new", VALUE);
    used("old", Duration.ofDays(61));
    put("another", VALUE);
    assertFalse(Files.exists(folder.resolve("old")));
    assertTrue(Files.exists(folder.resolve("new")));
  }

  @Test
  void aFileThatIsUsedStays() throws IOException {
    put("a", VALUE);
    used("a", Duration.ofDays(59));
    assertArrayEquals(VALUE, find("a"));
    Instant used = Files.getLastModifiedTime(folder.resolve("a")).toInstant();
    assertTrue(used.isAfter(Instant.now().minus(Duration.ofHours(1))));
  }

  @Test
  void theOldestOfTooManyFilesAreRemoved() throws IOException {
    for (int i = 0; i < 256; i++) {
      put("key" + i, VALUE);
    }
    used("key7", Duration.ofDays(2));
    put("another", VALUE);
    assertEquals(256, count());
    assertFalse(Files.exists(folder.resolve("key7")));
    assertArrayEquals(VALUE, find("another"));
  }
}
