package dev.strata.internal.deflate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Digest;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class DeflaterTest {
  private static final byte[] END = {3, 0};

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
  void outputInflatesToInputOfAnyLength(int level) throws DataFormatException {
    for (int length : new int[] {0, 1, 2, 3, 4, 5, 7, 8, 9, 257, 258, 259, 260, 65_535, 65_536}) {
      for (Content content : Content.values()) {
        assertInflates(level, content.make(length, length));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
  void outputInflatesToLongInput(int level) throws DataFormatException {
    for (Content content : Content.values()) {
      assertInflates(level, content.make(700_000, 1));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void outputInflatesToMixedInput(long seed) throws DataFormatException {
    Random random = new Random(seed);
    byte[] all = new byte[100_000 + random.nextInt(400_000)];
    int at = 0;
    while (at < all.length) {
      Content content = Content.values()[random.nextInt(Content.values().length)];
      byte[] part = content.make(1 + random.nextInt(30_000), random.nextLong());
      int n = Math.min(part.length, all.length - at);
      System.arraycopy(part, 0, all, at, n);
      at += n;
    }
    assertInflates(1 + (int) (seed % 9), all);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 6, 9})
  void blocksMayReferToEarlierInput(int level) throws DataFormatException {
    byte[] before = Content.RANDOM.make(32_768, 1);
    byte[] both = Arrays.copyOf(before, 65_536 + 64);
    System.arraycopy(before, 0, both, 32_768, 32_768);
    byte[] out = new byte[Deflater.bound(32_768)];
    int length = new Deflater(level).deflate(both, 32_768, 65_536, out);
    // A distance of 32768 itself is not used.
    assertTrue(length > 32_768, "nothing within the window repeats, and yet it has " + length);
    System.arraycopy(before, 100, both, 32_768, 32_668);
    length = new Deflater(level).deflate(both, 32_768, 65_536, out);
    assertTrue(length < 2_000, length + " bytes for a repetition of what is before the block");
    Inflater inflater = new Inflater(true);
    inflater.setInput(concat(out, length));
    inflater.setDictionary(before);
    byte[] back = new byte[32_768];
    assertEquals(back.length, inflater.inflate(back));
    assertArrayEquals(Arrays.copyOfRange(both, 32_768, 65_536), back);
    inflater.end();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
  void outputIsIndependentOfEarlierAndLaterInput(int level) {
    byte[] text = Content.TEXT.make(100_000, 7);
    byte[] clean = Arrays.copyOf(text, text.length + 64);
    byte[] dirty = Arrays.copyOf(text, text.length + 64);
    Arrays.fill(dirty, text.length, dirty.length, (byte) 'e');
    Deflater used = new Deflater(level);
    byte[] out = new byte[Deflater.bound(200_000)];
    used.deflate(Arrays.copyOf(Content.TEXT.make(200_000, 8), 200_064), 0, 200_000, out);
    byte[] first = new byte[Deflater.bound(text.length)];
    int length = new Deflater(level).deflate(clean, 0, text.length, first);
    assertEquals(length, used.deflate(dirty, 0, text.length, out));
    assertArrayEquals(Arrays.copyOf(first, length), Arrays.copyOf(out, length));
  }

  /** Recorded digests: a change of the output requires a new version. */
  @ParameterizedTest
  @CsvSource({
    "1, 7ee9dae8d24455d1",
    "2, a491bd5bb10977af",
    "3, 3ddd22d07a0269d7",
    "6, d5a4a552bec12d81",
    "9, cace6af6cd3ca116",
  })
  void bytesStayTheSame(int level, String digest) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Content content : Content.values()) {
      byte[] in = content.make(300_000, 5);
      byte[] out = new byte[Deflater.bound(in.length)];
      int length =
          new Deflater(level).deflate(Arrays.copyOf(in, in.length + 64), 0, in.length, out);
      all.write(out, 0, length);
    }
    assertEquals(digest, Digest.of(all.toByteArray()).hex().substring(0, 16));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 6, 9})
  void incompressibleInputHardlyGrows(int level) {
    byte[] in = Content.RANDOM.make(500_000, 3);
    byte[] out = new byte[Deflater.bound(in.length)];
    int length = new Deflater(level).deflate(Arrays.copyOf(in, in.length + 64), 0, in.length, out);
    assertTrue(length <= in.length + 200, length + " bytes");
  }

  private static void assertInflates(int level, byte[] in) throws DataFormatException {
    byte[] out = new byte[Deflater.bound(in.length)];
    int length = new Deflater(level).deflate(Arrays.copyOf(in, in.length + 64), 0, in.length, out);
    Inflater inflater = new Inflater(true);
    inflater.setInput(concat(out, length));
    byte[] back = new byte[in.length];
    int n = 0;
    while (n < back.length) {
      int more = inflater.inflate(back, n, back.length - n);
      assertTrue(more > 0, "the output ends at " + n);
      n += more;
    }
    assertEquals(0, inflater.inflate(new byte[1]), "the output is too long");
    assertTrue(inflater.finished());
    assertArrayEquals(in, back);
    inflater.end();
  }

  private static byte[] concat(byte[] out, int length) {
    byte[] whole = Arrays.copyOf(out, length + END.length);
    System.arraycopy(END, 0, whole, length, END.length);
    return whole;
  }

  /** Kinds of input. */
  enum Content {
    ZEROS {
      @Override
      byte[] make(int length, long seed) {
        return new byte[length];
      }
    },
    RANDOM {
      @Override
      byte[] make(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
      }
    },
    TEXT {
      @Override
      byte[] make(int length, long seed) {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
          int word = (int) Math.abs(random.nextGaussian() * 40);
          text.append(Integer.toString(word * 7919, 36))
              .append(random.nextInt(9) == 0 ? '\n' : ' ');
        }
        return text.substring(0, length).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
      }
    },
    SKEWED {
      /** Frequencies are Fibonacci numbers, so that code lengths reach their limit. */
      @Override
      byte[] make(int length, long seed) {
        Random random = new Random(seed);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
          int symbol = 0;
          while (symbol < 40 && random.nextInt(1618) < 1000) {
            symbol++;
          }
          bytes[i] = (byte) symbol;
        }
        return bytes;
      }
    },
    PERIODIC {
      @Override
      byte[] make(int length, long seed) {
        byte[] bytes = new byte[length];
        int period = 1 + (int) Math.floorMod(seed, 40_000L);
        for (int i = 0; i < length; i++) {
          bytes[i] = (byte) ((i % period) * 31 >> 3);
        }
        return bytes;
      }
    };

    abstract byte[] make(int length, long seed);
  }
}
