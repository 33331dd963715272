package dev.strata.internal.foreign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.lang.foreign.Arena;
import java.security.MessageDigest;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class SmallSha256Test {
  @Test
  void hashesAsTheJdkDoes() {
    Random random = new Random(5);
    MessageDigest jdk = JdkSha256.create();
    byte[] bytes = new byte[400];
    try (Arena arena = Arena.ofConfined();
        SmallSha256 hash = new SmallSha256()) {
      Slab slab = Slab.allocate(arena, bytes.length);
      for (int length = 0; length <= bytes.length; length++) {
        // In up to four pieces, with the same instance.
        int left = length;
        for (int i = 0; i < 4; i++) {
          random.nextBytes(bytes);
          slab.put(0, bytes, 0, bytes.length);
          int n = i == 3 ? left : random.nextInt(left + 1);
          left -= n;
          jdk.update(bytes, 0, n);
          hash.update(slab, n);
        }
        assertArrayEquals(jdk.digest(), hash.digest(), length + " bytes");
      }
    }
  }
}
