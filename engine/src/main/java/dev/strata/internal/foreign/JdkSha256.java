package dev.strata.internal.foreign;

import java.security.MessageDigest;

/** SHA-256 by the JDK, which needs the bytes of a slab in an array. */
final class JdkSha256 extends Sha256 {
  private static final int PIECE = 16 << 10;

  private final MessageDigest hash = create();
  private byte[] piece = new byte[0];

  static MessageDigest create() {
    return JdkHashes.create("SHA-256");
  }

  @Override
  public void update(Slab slab, int length) {
    // The JDK itself would copy smaller pieces.
    if (piece.length < Math.min(PIECE, length)) {
      piece = new byte[Math.min(PIECE, length)];
    }
    for (int done = 0; done < length; done += piece.length) {
      int n = Math.min(piece.length, length - done);
      slab.get(done, piece, 0, n);
      hash.update(piece, 0, n);
    }
  }

  @Override
  public byte[] digest() {
    return hash.digest();
  }

  @Override
  public void close() {}
}
