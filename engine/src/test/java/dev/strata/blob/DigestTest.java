package dev.strata.blob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.testing.Failures;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DigestTest {
  // FIPS 180-2, appendices B.1 and C.1.
  private static final byte[] ABC = "abc".getBytes(StandardCharsets.US_ASCII);
  private static final String SHA256 =
      "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  private static final String SHA512 =
      "sha512:ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
          + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";

  @Test
  void digestsBySha256() {
    assertEquals(SHA256, Digest.of(ABC).value());
    assertEquals(SHA256.substring(7), Digest.of(ABC).hex());
  }

  @Test
  void checksBothAlgorithms() {
    for (String text : new String[] {SHA256, SHA512}) {
      Digest digest = Digest.parse(text);

      assertTrue(digest.matches(digest.newHash().digest(ABC)));
      assertFalse(digest.matches(digest.newHash().digest(new byte[] {1})));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sha256",
        "sha256:",
        "sha256:ba78",
        "sha512:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ag",
        "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad ",
        "md5:900150983cd24fb0d6963f7d28e17f72",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        "sha256:../../etc/passwd\nx"
      })
  void refusesWhatIsNoDigest(String text) {
    Failures.assertFails(() -> Digest.parse(text), "invalid digest");
  }
}
