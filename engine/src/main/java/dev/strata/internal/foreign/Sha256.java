package dev.strata.internal.foreign;

import dev.strata.io.MissingDependencyException;
import java.security.MessageDigest;
import java.util.concurrent.locks.LockSupport;

/**
 * SHA-256 of bytes in slabs: by libcrypto, which takes them where they lie and is fast from the
 * first byte, or by the JDK, which copies them and needs a compiler first. Not thread-safe.
 *
 * <p>The system property {@code strata.hash} forces one of them: {@code libcrypto} or {@code jdk}.
 */
public abstract sealed class Sha256 implements AutoCloseable
    permits JdkSha256, LibcryptoSha256, SmallSha256 {
  private static final String PROPERTY = "strata.hash";

  /** Enough calls for the compiler; a few milliseconds. */
  private static final int WARM_UP_CALLS = 1000;

  /** What is hashed sooner by code of our own than the JDK's can be found, in bytes. */
  static final int SMALL = 64 << 10;

  /** Two blocks of SHA-256: a single one takes another path through the code. */
  private static final int WARM_UP_BYTES = 128;

  private static final long PARK_NANOS = 200_000;

  private static volatile boolean binding;
  private static volatile boolean bound;
  private static volatile boolean usable;

  /** For the implementations. */
  Sha256() {}

  /**
   * Binds libcrypto if this JVM may and is to use it; meanwhile, {@link #isSettled} returns false.
   * Called by the thread that binds libc.
   */
  public static void bind() {
    binding = true;
    try {
      usable = System.getProperty(PROPERTY, "auto").equals("auto") && isAvailable();
    } finally {
      bound = true;
    }
  }

  /** To be called before the thread that calls {@link #bind} starts. */
  public static void willBind() {
    binding = true;
  }

  /** To be called if that thread cannot start. */
  public static void willNotBind() {
    bound = true;
  }

  /** Returns whether the way of hashing will not be a better one soon. */
  public static boolean isSettled() {
    return bound || !binding || !System.getProperty(PROPERTY, "auto").equals("auto");
  }

  /** Waits until libcrypto is bound if that has begun. */
  public static void settle() {
    while (!isSettled()) {
      LockSupport.parkNanos(PARK_NANOS);
    }
  }

  /**
   * Waits until libcrypto is bound if that has begun. Without it, hashes until the compiler uses
   * the CPU's instructions.
   */
  public static void warmUp() {
    settle();
    if (!usable) {
      MessageDigest hash = JdkSha256.create();
      byte[] blocks = new byte[WARM_UP_BYTES];
      for (int i = 0; i < WARM_UP_CALLS; i++) {
        hash.update(blocks);
      }
    }
  }

  private static boolean isAvailable() {
    return NativeCalls.areEnabled() && Libcrypto.works();
  }

  /**
   * Opens a hash of no bytes yet.
   *
   * @return a hash for the calling thread; close it there
   * @throws MissingDependencyException if libcrypto is forced and cannot be used
   */
  public static Sha256 open() {
    String way = System.getProperty(PROPERTY, "auto");
    if (way.equals("libcrypto")) {
      if (!isAvailable()) {
        throw new MissingDependencyException(
            "strata.hash=libcrypto requires Linux on x86-64 or AArch64 with libcrypto 3 or 1.1 of"
                + " OpenSSL, and a JVM started with --enable-native-access=ALL-UNNAMED; without the"
                + " property, the JDK's SHA-256 is used where they are missing");
      }
      return new LibcryptoSha256();
    }
    return usable && way.equals("auto") ? new LibcryptoSha256() : new JdkSha256();
  }

  /**
   * Opens a hash of no bytes yet, for no more bytes than {@code length}.
   *
   * @param length how much will be hashed at most, in bytes
   * @return a hash for the calling thread; close it there
   * @throws MissingDependencyException if libcrypto is forced and cannot be used
   */
  public static Sha256 open(long length) {
    return length <= SMALL && !binding && System.getProperty(PROPERTY, "auto").equals("auto")
        ? new SmallSha256()
        : open();
  }

  /** Adds the first bytes of a slab. */
  public abstract void update(Slab slab, int length);

  /** Returns the hash of all bytes, 32 bytes, and starts anew. */
  public abstract byte[] digest();

  @Override
  public abstract void close();
}
