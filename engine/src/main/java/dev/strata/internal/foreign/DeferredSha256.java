package dev.strata.internal.foreign;

import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 for callers that do not know how much they will hash. To find its own, the JDK reads its
 * security settings, which takes longer than hashing some kilobytes: it is asked once there are
 * more. Not thread-safe.
 */
public final class DeferredSha256 extends MessageDigest {
  /** What is hashed sooner without the JDK, in bytes. */
  private static final int SMALL = 64 << 10;

  private static final int FIRST_ROOM = 1 << 10;

  /** The bytes so far, of which the first {@link #length} count, while there are few. */
  private byte[] bytes = new byte[FIRST_ROOM];

  private int length;
  private @Nullable MessageDigest jdk;

  /** Creates a hash of no bytes yet. */
  public DeferredSha256() {
    super("SHA-256");
  }

  @Override
  protected int engineGetDigestLength() {
    return SmallSha256.HASH_BYTES;
  }

  @Override
  protected void engineUpdate(byte input) {
    engineUpdate(new byte[] {input}, 0, 1);
  }

  @Override
  protected void engineUpdate(byte[] input, int offset, int count) {
    MessageDigest large = jdk;
    if (large == null && count <= SMALL - length) {
      if (bytes.length - length < count) {
        bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + count));
      }
      System.arraycopy(input, offset, bytes, length, count);
      length += count;
      return;
    }
    if (large == null) {
      large = JdkSha256.create();
      large.update(bytes, 0, length);
      jdk = large;
    }
    large.update(input, offset, count);
  }

  @Override
  protected byte[] engineDigest() {
    MessageDigest large = jdk;
    byte[] digest = large == null ? SmallSha256.of(bytes, length) : large.digest();
    engineReset();
    return digest;
  }

  @Override
  protected void engineReset() {
    length = 0;
    jdk = null;
  }
}
