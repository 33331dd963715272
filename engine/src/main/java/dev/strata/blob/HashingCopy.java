package dev.strata.blob;

import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Passes bytes on to another channel, counts and hashes them, and checks them against a descriptor
 * if one is given. Closing it does not close the target. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class HashingCopy implements WritableByteChannel {
  private final WritableByteChannel target;
  private final @Nullable Descriptor expected;
  private final Function<String, StrataException> mismatch;
  private final MessageDigest hash;
  private long count;

  /**
   * Creates a copy that computes the SHA-256 digest of bytes that are not known yet.
   *
   * @param target receives the bytes
   */
  public HashingCopy(WritableByteChannel target) {
    this.target = target;
    this.expected = null;
    this.mismatch = StrataException::new;
    this.hash = Digest.newSha256();
  }

  /**
   * Creates a copy that checks the bytes. No byte beyond the expected size reaches the target.
   *
   * @param target receives the bytes
   * @param expected their size and digest
   * @param mismatch makes the exception for other bytes from the problem, a clause such as {@code
   *     it is larger than the recorded 7 bytes}
   */
  public HashingCopy(
      WritableByteChannel target, Descriptor expected, Function<String, StrataException> mismatch) {
    this.target = target;
    this.expected = expected;
    this.mismatch = mismatch;
    this.hash = expected.digest().newHash();
  }

  /**
   * Creates a copy that computes the digest of bytes of unknown size, to compare it with another.
   *
   * @param target receives the bytes
   * @param expected the digest to compare with, whose algorithm is used
   */
  public HashingCopy(WritableByteChannel target, Digest expected) {
    this.target = target;
    this.expected = null;
    this.mismatch = StrataException::new;
    this.hash = expected.newHash();
  }

  @Override
  public int write(ByteBuffer bytes) throws IOException {
    if (expected != null && bytes.remaining() > expected.size() - count) {
      throw mismatch.apply("it is larger than the recorded " + expected.size() + " bytes");
    }
    int start = bytes.position();
    int limit = bytes.limit();
    target.write(bytes);
    int written = bytes.position() - start;
    bytes.limit(bytes.position()).position(start);
    hash.update(bytes);
    bytes.limit(limit);
    count += written;
    return written;
  }

  /**
   * Returns how many bytes have been passed on.
   *
   * @return the number of bytes
   */
  public long count() {
    return count;
  }

  /**
   * Ends a copy that computes a digest.
   *
   * @return the SHA-256 digest of the bytes that were passed on
   */
  public Digest digest() {
    return Digest.sha256(hash.digest());
  }

  /**
   * Ends a copy that compares digests.
   *
   * @param wanted the digest that the copy was created with
   * @return whether the bytes that were passed on have that digest
   */
  public boolean matches(Digest wanted) {
    return wanted.matches(hash.digest());
  }

  /**
   * Ends a copy that checks the bytes.
   *
   * @throws StrataException if size or digest differ from the expected ones
   */
  public void check() {
    Descriptor wanted = java.util.Objects.requireNonNull(expected);
    if (count < wanted.size()) {
      throw mismatch.apply("it has " + count + " bytes instead of the recorded " + wanted.size());
    }
    if (!wanted.digest().matches(hash.digest())) {
      throw mismatch.apply("it does not have the digest " + wanted.digest());
    }
  }

  @Override
  public boolean isOpen() {
    return target.isOpen();
  }

  @Override
  public void close() {}
}
