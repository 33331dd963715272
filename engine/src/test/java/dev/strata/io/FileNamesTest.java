package dev.strata.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.testing.Failures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FileNamesTest {
  @TempDir private Path temporary;

  @Test
  void keepsEveryByteThereAndBack() {
    Random random = new Random(1);
    byte[] alphabet = {'a', '/', 0x7F, (byte) 0xC3, (byte) 0xA9, (byte) 0xFF, (byte) 0xE2, -126};
    for (int i = 0; i < 20_000; i++) {
      byte[] name = new byte[random.nextInt(12)];
      for (int k = 0; k < name.length; k++) {
        name[k] =
            random.nextInt(3) == 0
                ? (byte) random.nextInt(256)
                : alphabet[random.nextInt(alphabet.length)];
      }

      assertArrayEquals(name, FileNames.encode(FileNames.decode(name)));
      assertEquals(
          FileNames.isAscii(name, name.length),
          FileNames.decode(name).chars().allMatch(c -> c < 0x80));
    }
  }

  @Test
  void decodesWellFormedUtf8AsUsual() {
    String text = "a/é/€/𝄞/\u0000\uFFFD";

    assertEquals(text, FileNames.decode(text.getBytes(StandardCharsets.UTF_8)));
    assertArrayEquals(text.getBytes(StandardCharsets.UTF_8), FileNames.encode(text));
  }

  /** Unicode 3.9, table 3-7: overlong forms, surrogates and what is past U+10FFFF are no UTF-8. */
  @ParameterizedTest
  @CsvSource({
    "c080, 2",
    "c1bf, 2",
    "e08080, 3",
    "e09fbf, 3",
    "eda080, 3",
    "edbfbf, 3",
    "f0808080, 4",
    "f08fbfbf, 4",
    "f4908080, 4",
    "f5808080, 4",
    "ff, 1",
    "80, 1",
    "c3, 1",
    "e282, 2",
    "f09d84, 3",
    "c341, 2",
    "e28241, 3",
  })
  void replacesEachByteThatIsNotUtf8(String hex, int characters) {
    byte[] bytes = java.util.HexFormat.of().parseHex(hex);

    assertEquals(characters, FileNames.decodeLossy(bytes).length());
    assertEquals(characters, FileNames.decode(bytes).length());
    assertEquals(0, FileNames.sequenceLength(bytes, 0, bytes.length));
  }

  @Test
  void encodesASurrogateThatIsNoEscapedByteAsTheReplacement() {
    assertEquals("a\uFFFDb", FileNames.decode(FileNames.encode("a\uD800b")));
    assertEquals("\uFFFD", FileNames.decode(FileNames.encode("\uDC7F")));
  }

  @Test
  void makesPathsOfAnyBytesAndReadsThemBack() throws IOException {
    byte[] name = {'a', (byte) 0xFF, (byte) 0xC3, (byte) 0xA9, '\n', ' ', '%', '?', '#', '+', '\\'};
    byte[] base = FileNames.bytes(temporary);
    byte[] full = new byte[base.length + 1 + name.length];
    System.arraycopy(base, 0, full, 0, base.length);
    full[base.length] = '/';
    System.arraycopy(name, 0, full, base.length + 1, name.length);

    Path file = FileNames.path(full);
    Files.writeString(file, "x");

    assertArrayEquals(full, FileNames.bytes(file));
    assertEquals(file, FileNames.path(FileNames.decode(full)));
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(temporary)) {
      assertArrayEquals(full, FileNames.bytes(stream.iterator().next()));
    }
  }

  @Test
  void refusesANulByte() {
    Failures.assertFails(() -> FileNames.path("/a\0b"), "'/a\\x00b'", "NUL");
    Failures.assertFails(() -> FileNames.path("/é\0b"), "'/é\\x00b'", "NUL");
  }

  @Test
  void quotesOnOneLine() {
    byte[] name = {'a', '\n', '\r', '\t', 0x1B, 0x7F, (byte) 0xFF};

    assertEquals("'a\\x0A\\x0D\\x09\\x1B\\x7F\\xFF'", FileNames.quote(FileNames.decode(name)));
    assertEquals(
        "'é𝄞\\u0085\\u2028\\u2029\\ud800'", FileNames.quote("é𝄞\u0085\u2028\u2029\uD800"));
    assertTrue(FileNames.quote("plain name").equals("'plain name'"));
  }
}
