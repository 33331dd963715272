package dev.strata.internal.foreign;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.MessageDigest;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DeferredSha256Test {
  private static final int SMALL = Sha256.SMALL;

  private final Random random = new Random(3);
  private final MessageDigest jdk = JdkSha256.create();
  private final MessageDigest hash = new DeferredSha256(SMALL);

  @Test
  void hashesAsTheJdkDoes() {
    assertEquals(32, hash.getDigestLength());
    assertEquals("SHA-256", hash.getAlgorithm());
    // With the same instance, so that what was hashed before must be forgotten.
    for (int length = 0; length < 300; length++) {
      hashAndCompare(length);
    }
    for (int i = 0; i < 100; i++) {
      hashAndCompare(random.nextInt(3 * SMALL));
      hashAndCompare(SMALL - 2 + random.nextInt(5));
    }
  }

  /** Hashes random bytes, in some pieces. */
  private void hashAndCompare(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    int done = 0;
    while (done < length) {
      int piece = 1 + random.nextInt(length - done);
      if (piece == 1) {
        hash.update(bytes[done]);
      } else {
        hash.update(bytes, done, piece);
      }
      done += piece;
    }
    assertArrayEquals(jdk.digest(bytes), hash.digest(), length + " bytes");
  }

  @Test
  void theJdkHashesAllOnceThereIsMuch() {
    byte[] bytes = new byte[SMALL];
    new DeferredSha256().update(bytes, 0, SMALL);
    MessageDigest many = new DeferredSha256();
    for (int length = 0; length < 2 * SMALL; length += 999) {
      byte[] part = new byte[length];
      random.nextBytes(part);
      assertArrayEquals(jdk.digest(part), many.digest(part));
      assertArrayEquals(jdk.digest(part), new DeferredSha256().digest(part));
    }
  }

  @Test
  void forgetsWhatWasHashedBeforeAReset() {
    for (int length : new int[] {10, 2 * SMALL}) {
      hash.update(new byte[length]);
      hash.reset();
      assertArrayEquals(jdk.digest(new byte[] {1}), hash.digest(new byte[] {1}));
    }
  }
}
