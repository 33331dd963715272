package dev.strata.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SealedCacheTest {
  private static final long TODAY = 20_000;

  @TempDir private Path folder = Path.of("");
  private Path file = Path.of("");

  @BeforeEach
  void nameFile() {
    file = folder.resolve("cache");
  }

  private SealedCache on(long day) {
    return new SealedCache(file, day);
  }

  private void put(long day, String key, String value) {
    SealedCache cache = on(day);
    cache.put(key, value);
    cache.flush();
  }

  @Test
  void valuesAreFoundByOtherProcesses() {
    put(TODAY, "a x", "one two");
    put(TODAY, "b x", "three");
    put(TODAY, "a x", "four");

    assertEquals("four", on(TODAY).find("a x"));
    assertEquals("three", on(TODAY).find("b x"));
    assertNull(on(TODAY).find("c x"));
    assertEquals(List.of("b x", "a x"), on(TODAY).keys());
  }

  @Test
  void removedValuesAreGone() {
    put(TODAY, "a x", "one");
    SealedCache cache = on(TODAY);
    cache.remove("a x");
    cache.flush();
    assertNull(cache.find("a x"));
    assertNull(on(TODAY).find("a x"));
  }

  @Test
  void valuesThatHaveNotBeenUsedForTwoMonthsAreMissing() {
    put(TODAY, "a x", "one");
    assertEquals("one", on(TODAY + 60).find("a x"));
    assertNull(on(TODAY + 61).find("a x"));
    assertNull(on(TODAY - 2).find("a x"), "written by a clock that was wrong");
  }

  @Test
  void valuesThatAreUsedAreKept() {
    put(TODAY, "a x", "one");
    put(TODAY, "b x", "two");
    SealedCache used = on(TODAY + 50);
    assertEquals("one", used.find("a x"));
    used.flush();
    assertEquals("one", on(TODAY + 110).find("a x"));
    assertNull(on(TODAY + 110).find("b x"));
  }

  @Test
  void aValueThatIsUsedEveryDayIsNotWrittenEveryDay() throws IOException {
    put(TODAY, "a x", "one");
    long size = Files.size(file);
    SealedCache used = on(TODAY + 6);
    used.find("a x");
    used.flush();
    assertEquals(size, Files.size(file));
  }

  @Test
  void oldLinesAreRemovedWhenAnotherOneIsWritten() throws IOException {
    put(TODAY, "a x", "one");
    put(TODAY + 30, "b x", "two");
    put(TODAY + 70, "c x", "three");
    assertEquals(List.of("b x", "c x"), on(TODAY + 70).keys());
    assertEquals(2, Files.readAllLines(file).size());
  }

  @Test
  void tooManyLinesLoseTheOlderHalf() throws IOException {
    SealedCache cache = on(TODAY);
    for (int i = 0; i <= 20_000; i++) {
      cache.put(i + " x", "value");
    }
    cache.flush();
    put(TODAY, "newest x", "value");

    assertEquals(10_000, Files.readAllLines(file).size());
    assertEquals("value", on(TODAY).find("newest x"));
    assertEquals("value", on(TODAY).find("20000 x"));
    assertNull(on(TODAY).find("0 x"));
    assertEquals("rw-------", permissions(file));
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void aHugeFileIsReplaced() throws IOException {
    put(TODAY, "a x", "one");
    try (RandomAccessFile grown = new RandomAccessFile(file.toFile(), "rw")) {
      grown.setLength(3L << 30);
    }
    assertNull(on(TODAY).find("a x"));
    SealedCache cache = on(TODAY);
    assertNull(cache.find("a x"));
    cache.put("b x", "two");
    cache.flush();
    assertEquals("two", on(TODAY).find("b x"));
    assertTrue(Files.size(file) < 1000);
  }

  @Test
  void aFileThatWasCutOffAnywhereLosesOnlyItsEnd() throws IOException {
    put(TODAY, "a x", "one");
    long first = Files.size(file);
    put(TODAY, "b x", "two");
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      SealedCache cache = on(TODAY);
      assertEquals(length >= first ? "one" : null, cache.find("a x"), "after " + length);
      assertNull(cache.find("b x"), "after " + length);
      cache.put("c x", "three");
      cache.flush();
      assertEquals("three", on(TODAY).find("c x"), "after " + length);
      // The line is whole if only its end is missing.
      assertEquals(length >= first - 1 ? "one" : null, on(TODAY).find("a x"), "after " + length);
    }
  }

  @Test
  void aDamagedByteCostsOneLineAtMost() throws IOException {
    put(TODAY, "a x", "one");
    long first = Files.size(file);
    put(TODAY, "b x", "two");
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < first - 1; i++) {
      byte[] damaged = whole.clone();
      damaged[i] ^= 1;
      Files.write(file, damaged);
      assertNull(on(TODAY).find("a x"), "at " + i);
      assertEquals("two", on(TODAY).find("b x"), "at " + i);
    }
  }

  @Test
  void aKeyThatWasCutOffIsReplaced() throws IOException {
    put(TODAY, "a x", "one");
    Path key = folder.resolve("cache.key");
    byte[] whole = Files.readAllBytes(key);
    for (int length = 0; length < whole.length; length++) {
      Files.write(key, Arrays.copyOf(whole, length));
      assertNull(on(TODAY).find("a x"));
      put(TODAY, "a x", "one");
      assertEquals("one", on(TODAY).find("a x"), "after a key of " + length + " bytes");
    }
    assertEquals("rw-------", permissions(key));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(2, files.count(), "no temporary file is left");
    }
  }

  @Test
  void aFileThatIsDeletedWhileItIsUsedIsWrittenAgain() throws IOException {
    put(TODAY, "a x", "one");
    SealedCache cache = on(TODAY);
    assertEquals("one", cache.find("a x"));
    Files.delete(file);
    cache.put("b x", "two");
    cache.flush();
    assertEquals("two", Objects.requireNonNull(on(TODAY).find("b x")));
    assertNull(on(TODAY).find("a x"));
  }
}
