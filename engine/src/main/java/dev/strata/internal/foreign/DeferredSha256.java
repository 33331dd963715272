package dev.strata.internal.foreign;

import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * SHA-256 for callers that do not know how much they will hash. To find its own, the JDK reads its
 * security settings, which takes longer than hashing some kilobytes: it is asked once a process has
 * more to hash, and then does all of it. Not thread-safe.
 */
public final class DeferredSha256 extends MessageDigest {
  private static final int FIRST_ROOM = 1 << 10;

  /** How much this process has hashed without the JDK, in bytes; may miss what threads add. */
  private static volatile int hashed;

  /** How much is hashed without the JDK at most, in bytes. */
  private final int most;

  /** The bytes so far, of which the first {@link #length} count, while there are few. */
  private byte[] bytes = new byte[0];

  private int length;
  private @Nullable MessageDigest jdk;

  /** Creates a hash of no bytes yet. */
  public DeferredSha256() {
    this(Sha256.SMALL - hashed);
  }

  DeferredSha256(int most) {
    super("SHA-256");
    this.most = most;
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
    if (large == null && count <= most - length) {
      if (bytes.length - length < count) {
        int room = Math.max(FIRST_ROOM, 2 * bytes.length);
        bytes = Arrays.copyOf(bytes, Math.max(room, length + count));
      }
      System.arraycopy(input, offset, bytes, length, count);
      length += count;
      return;
    }
    if (large == null) {
      hashed = Sha256.SMALL;
      large = JdkSha256.create();
      large.update(bytes, 0, length);
      jdk = large;
    }
    large.update(input, offset, count);
  }

  @Override
  protected byte[] engineDigest() {
    MessageDigest large = jdk;
    byte[] digest;
    if (large == null) {
      digest = SmallSha256.of(bytes, length);
      hashed = Math.min(Sha256.SMALL, hashed + length);
    } else {
      digest = large.digest();
    }
    length = 0;
    return digest;
  }

  @Override
  protected void engineReset() {
    length = 0;
    if (jdk != null) {
      jdk.reset();
    }
  }
}
