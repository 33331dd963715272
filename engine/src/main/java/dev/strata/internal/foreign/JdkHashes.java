package dev.strata.internal.foreign;

import dev.strata.io.MissingDependencyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash functions of the JDK. Stateless and thread-safe. */
public final class JdkHashes {
  private JdkHashes() {}

  /**
   * Creates a hash function.
   *
   * @param algorithm its name, such as {@code SHA-512}
   * @return a new hash
   * @throws MissingDependencyException if the JDK lacks it
   */
  public static MessageDigest create(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new MissingDependencyException(
          "this Java runtime does not provide " + algorithm + "; use another one", e);
    }
  }
}
