package dev.strata.blob;

import dev.strata.internal.foreign.DeferredSha256;
import dev.strata.internal.foreign.JdkHashes;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A content digest in the form of the OCI image specification, {@code algorithm:hex}. Immutable and
 * thread-safe.
 *
 * @param value the digest as text: {@code sha256:} with 64 or {@code sha512:} with 128 hexadecimal
 *     digits in lower case
 * @since 0.1.0
 */
public record Digest(String value) {
  private static final String SHA256 = "sha256:";
  private static final String SHA512 = "sha512:";

  /**
   * Checks the form of the digest.
   *
   * @throws InvalidInputException if the text is not a SHA-256 or SHA-512 digest
   */
  public Digest {
    if (!isValid(value)) {
      throw new InvalidInputException(
          "invalid digest "
              + FileNames.quote(value)
              + ": expected sha256: and 64 hexadecimal digits in lower case");
    }
  }

  private static boolean isValid(String value) {
    int length = value.startsWith(SHA256) ? 64 : value.startsWith(SHA512) ? 128 : -1;
    int start = SHA256.length();
    if (length < 0 || value.length() != start + length) {
      return false;
    }
    for (int i = start; i < value.length(); i++) {
      char c = value.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  /**
   * Parses a digest.
   *
   * @param text the digest, such as {@code sha256:} with 64 hexadecimal digits in lower case
   * @return the digest
   * @throws InvalidInputException if the text is not a SHA-256 or SHA-512 digest
   */
  public static Digest parse(String text) {
    return new Digest(text);
  }

  /**
   * Creates the digest for a finished SHA-256 hash.
   *
   * @param hash the hash, 32 bytes
   * @return the digest
   */
  public static Digest sha256(byte[] hash) {
    return new Digest(SHA256 + HexFormat.of().formatHex(hash));
  }

  /**
   * Computes the SHA-256 digest of bytes.
   *
   * @param bytes the content
   * @return its digest
   */
  public static Digest of(byte[] bytes) {
    return sha256(newSha256().digest(bytes));
  }

  // Written out: those of a record are generated at run time, which every start would pay for.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Digest digest && value.equals(digest.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  /**
   * Returns the digest without its algorithm.
   *
   * @return 64 or 128 hexadecimal digits
   */
  public String hex() {
    return value.substring(SHA256.length());
  }

  /**
   * Creates the hash function of this digest.
   *
   * @return a new SHA-256 or SHA-512 hash
   */
  public MessageDigest newHash() {
    return value.startsWith(SHA512) ? JdkHashes.create("SHA-512") : newSha256();
  }

  /**
   * Returns whether a finished hash is that of this digest.
   *
   * @param hash the result of a hash from {@link #newHash}
   * @return true if they are equal
   */
  public boolean matches(byte[] hash) {
    return hex().equals(HexFormat.of().formatHex(hash));
  }

  /**
   * Creates a SHA-256 hash function.
   *
   * @return a new hash
   */
  public static MessageDigest newSha256() {
    return new DeferredSha256();
  }

  @Override
  public String toString() {
    return value;
  }
}
