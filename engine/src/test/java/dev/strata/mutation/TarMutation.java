package dev.strata.mutation;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Changes a tar archive: its length, its headers, or a byte anywhere. */
final class TarMutation {
  private static final int BLOCK = 512;
  private static final List<String> NAMES =
      List.of(
          "../../etc/passwd", "/etc/passwd", "", ".", "..", "a\nb", "./manifest.json", "x/../y");
  private static final String TYPES = "01234567gxLKSVDMN\0Z";

  private TarMutation() {}

  static byte[] apply(byte[] tar, Random random) {
    byte[] changed = tar.clone();
    switch (random.nextInt(6)) {
      case 0 -> changed = Arrays.copyOf(changed, random.nextInt(changed.length));
      case 1 -> changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
      case 2 -> field(changed, header(changed, random), 0, 100, pick(NAMES, random));
      case 3 -> field(changed, header(changed, random), 124, 12, size(random));
      case 4 -> {
        int header = header(changed, random);
        changed[header + 156] = (byte) TYPES.charAt(random.nextInt(TYPES.length()));
        checksum(changed, header);
      }
      default -> field(changed, header(changed, random), 157, 100, pick(NAMES, random));
    }
    return changed;
  }

  private static String size(Random random) {
    return pick(
        List.of("00000000000", "77777777777", "-0000000001", "xyz", "00000000001", ""), random);
  }

  private static <T> T pick(List<T> values, Random random) {
    return values.get(random.nextInt(values.size()));
  }

  /** Returns the position of a header: a block that holds the magic of the format. */
  private static int header(byte[] tar, Random random) {
    int blocks = tar.length / BLOCK;
    int start = random.nextInt(blocks);
    for (int i = 0; i < blocks; i++) {
      int at = (start + i) % blocks * BLOCK;
      if (new String(tar, at + 257, 5, StandardCharsets.ISO_8859_1).equals("ustar")) {
        return at;
      }
    }
    throw new IllegalStateException("the archive has no header");
  }

  private static void field(byte[] tar, int header, int offset, int length, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.ISO_8859_1);
    Arrays.fill(tar, header + offset, header + offset + length, (byte) 0);
    System.arraycopy(bytes, 0, tar, header + offset, Math.min(bytes.length, length));
    checksum(tar, header);
  }

  private static void checksum(byte[] tar, int header) {
    Arrays.fill(tar, header + 148, header + 156, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += tar[header + i] & 0xff;
    }
    byte[] octal = String.format("%06o\0 ", sum).getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(octal, 0, tar, header + 148, 8);
  }
}
