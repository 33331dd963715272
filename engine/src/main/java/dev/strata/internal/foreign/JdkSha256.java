package dev.strata.internal.foreign;

import dev.strata.io.MissingDependencyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 by the JDK, which copies 4 KiB at a time from a slab to an array. */
final class JdkSha256 extends Sha256 {
  private final MessageDigest hash = create();

  static MessageDigest create() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new MissingDependencyException(
          "this Java runtime does not provide SHA-256; use another one", e);
    }
  }

  @Override
  public void update(Slab slab, int length) {
    hash.update(slab.view(0, length));
  }

  @Override
  public byte[] digest() {
    return hash.digest();
  }

  @Override
  public void close() {}
}
