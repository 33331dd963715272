package dev.strata.internal.chunked;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ChunkFinderTest {
  /** Finds the ends of chunks byte by byte, with all of the file in sight; holes are negative. */
  private static List<Integer> slowly(byte[] file) {
    List<Integer> ends = new ArrayList<>();
    int[] window = new int[64];
    int s1 = 64 * 31;
    int s2 = 64 * 63 * 31;
    int from = 0;
    int at = 0;
    while (at < file.length) {
      int zeros = at;
      while (zeros < file.length && file[zeros] == 0) {
        zeros++;
      }
      boolean startsRun = at == 0 || file[at - 1] != 0;
      if (zeros - at >= 1024 && startsRun) {
        if (at > from) {
          ends.add(at);
        }
        for (int i = at; i < zeros; i++) {
          s1 -= window[i % 64];
          s2 += s1 - 64 * (window[i % 64] + 31);
          window[i % 64] = 0;
        }
        ends.add(-zeros);
        at = zeros;
        from = zeros;
        continue;
      }
      int b = file[at] & 0xFF;
      s1 += b - window[at % 64];
      s2 += s1 - 64 * (window[at % 64] + 31);
      window[at % 64] = b;
      at++;
      if ((s2 & 0xFFFF) == 0xFFFF) {
        ends.add(at);
        from = at;
      }
    }
    if (from < file.length) {
      ends.add(file.length);
    }
    return ends;
  }

  /** Finds them with the finder, which is given the file in pieces. */
  private static List<Integer> quickly(ChunkFinder finder, byte[] file, Random pieces) {
    finder.begin();
    List<Integer> ends = new ArrayList<>();
    int known = 0;
    int decided = 0;
    int from = 0;
    while (known < file.length) {
      known = Math.min(file.length, known + 1 + pieces.nextInt(pieces.nextInt(3) == 0 ? 5000 : 99));
      boolean last = known == file.length;
      boolean more = true;
      while (more) {
        decided = finder.scan(file, decided, known, last);
        more = finder.isAtEnd() && decided < known;
        boolean ends1 = finder.isAtEnd() || last && decided == known;
        if (ends1 && decided > from) {
          ends.add(finder.isHole() ? -decided : decided);
          from = decided;
        }
      }
      assertEquals(true, known - decided <= ChunkFinder.MAX_UNDECIDED);
    }
    return ends;
  }

  @Test
  void chunksDoNotDependOnHowTheFileIsGiven() {
    Random random = new Random(1);
    ChunkFinder finder = new ChunkFinder();
    int chunks = 0;
    for (int round = 0; round < 300; round++) {
      byte[] file = new byte[random.nextInt(round % 10 == 0 ? 400_000 : 20_000)];
      random.nextBytes(file);
      for (int holes = random.nextInt(6); holes > 0; holes--) {
        int length = Math.min(file.length, 1022 + random.nextInt(4) * random.nextInt(1000));
        int at = random.nextInt(file.length - length + 1);
        java.util.Arrays.fill(file, at, at + length, (byte) 0);
      }
      List<Integer> expected = slowly(file);
      chunks += expected.size();
      assertEquals(expected, quickly(finder, file, random));
    }
    assertEquals(true, chunks > 1000, "chunks: " + chunks);
  }

  @Test
  void crcIsThatOfGo() {
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    assertEquals(0xB90956C775A41001L, Crc64.update(0, digits, 0, 9));
    assertEquals(0xB90956C775A41001L, Crc64.update(Crc64.update(0, digits, 0, 4), digits, 4, 9));
    byte[] noise = new byte[1003];
    new Random(3).nextBytes(noise);
    long byByte = 0;
    for (int i = 0; i < noise.length; i++) {
      byByte = Crc64.update(byByte, noise, i, i + 1);
    }
    assertEquals(byByte, Crc64.update(0, noise, 0, noise.length));
  }
}
