package dev.strata.blob;

import dev.strata.io.FileNames;
import dev.strata.io.StrataException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A content digest as the OCI image specification writes it, {@code algorithm:hex}.
 *
 * @param value the digest as text
 */
public record Digest(String value) {
  private static final String SHA256 = "sha256:";
  private static final String SHA512 = "sha512:";

  /**
   * Reads a digest and checks its form.
   *
   * @param text such as {@code sha256:…} with 64 hexadecimal digits in lower case
   * @return the digest
   * @throws StrataException if the text is no sha256 or sha512 digest
   */
  public static Digest parse(String text) {
    int wanted = text.startsWith(SHA256) ? 64 : text.startsWith(SHA512) ? 128 : -1;
    String hex = text.substring(text.indexOf(':') + 1);
    boolean valid =
        hex.length() == wanted && hex.chars().allMatch(c -> "0123456789abcdef".indexOf(c) >= 0);
    if (!valid) {
      throw new StrataException(
          FileNames.quote(text) + " is no digest: it should be sha256: with 64 hexadecimal digits");
    }
    return new Digest(text);
  }

  /**
   * Makes a digest of a finished SHA-256.
   *
   * @param hash 32 bytes
   * @return the digest
   */
  public static Digest sha256(byte[] hash) {
    return new Digest(SHA256 + HexFormat.of().formatHex(hash));
  }

  /**
   * Digests bytes by SHA-256.
   *
   * @param bytes the content
   * @return its digest
   */
  public static Digest of(byte[] bytes) {
    return sha256(newSha256().digest(bytes));
  }

  // Written out, since Java makes those of a record at run time, at every start.
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Digest digest && value.equals(digest.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  /**
   * The digest without its algorithm.
   *
   * @return hexadecimal digits
   */
  public String hex() {
    return value.substring(value.indexOf(':') + 1);
  }

  /**
   * Makes the hash function of this digest.
   *
   * @return a new hash, SHA-256 or SHA-512
   */
  public MessageDigest newHash() {
    return value.startsWith(SHA512) ? newHash("SHA-512") : newSha256();
  }

  /**
   * Whether a finished hash is this digest's.
   *
   * @param hash what {@link #newHash} gave
   * @return true if they are equal
   */
  public boolean matches(byte[] hash) {
    return hex().equals(HexFormat.of().formatHex(hash));
  }

  public static MessageDigest newSha256() {
    return newHash("SHA-256");
  }

  private static MessageDigest newHash(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new StrataException("this Java has no " + algorithm + ": use another JDK", e);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
