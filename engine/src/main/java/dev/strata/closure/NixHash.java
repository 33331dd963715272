package dev.strata.closure;

import dev.strata.blob.Digest;
import java.util.Base64;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Reads SHA-256 hashes in the forms of Nix, which tells them apart by their length. Stateless.
 *
 * <p>Source: the section on hashes of the Nix manual.
 */
final class NixHash {
  private static final String ALGORITHM = "sha256";
  private static final String DIGITS = "0123456789abcdfghijklmnpqrsvwxyz";
  private static final int BYTES = 32;
  private static final int BASE_16 = 64;
  private static final int BASE_32 = 52;
  private static final int BASE_64 = 44;

  private NixHash() {}

  /** Returns the digest, or null if the text is not in one of the forms. */
  static @Nullable Digest parse(String text) {
    int start = ALGORITHM.length() + 1;
    if (text.length() < start || !text.startsWith(ALGORITHM)) {
      return null;
    }
    char separator = text.charAt(start - 1);
    String digits = text.substring(start);
    byte[] hash = null;
    if (separator == ':') {
      hash = bytes(digits);
    } else if (separator == '-') {
      hash = base64(digits);
    }
    return hash == null ? null : Digest.sha256(hash);
  }

  private static byte @Nullable [] bytes(String digits) {
    return switch (digits.length()) {
      case BASE_16 -> base16(digits);
      case BASE_32 -> base32(digits);
      case BASE_64 -> base64(digits);
      default -> null;
    };
  }

  private static byte @Nullable [] base16(String digits) {
    try {
      return HexFormat.of().parseHex(digits);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  private static byte @Nullable [] base64(String digits) {
    try {
      byte[] hash = Base64.getDecoder().decode(digits);
      return hash.length == BYTES ? hash : null;
    } catch (IllegalArgumentException _) {
      return null;
    }
  }

  /** The last digit has the lowest five bits of the first byte. */
  private static byte @Nullable [] base32(String digits) {
    byte[] hash = new byte[BYTES];
    for (int i = 0; i < BASE_32; i++) {
      int digit = DIGITS.indexOf(digits.charAt(BASE_32 - 1 - i));
      int bit = i * 5;
      int at = bit / 8;
      int shifted = digit << bit % 8;
      boolean last = at + 1 == BYTES;
      if (digit < 0 || last && shifted >> 8 != 0) {
        return null;
      }
      hash[at] |= (byte) shifted;
      if (!last) {
        hash[at + 1] |= (byte) (shifted >> 8);
      }
    }
    return hash;
  }
}
