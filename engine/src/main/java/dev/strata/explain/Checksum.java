package dev.strata.explain;

import dev.strata.blob.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.security.MessageDigest;

/**
 * The first 128 bits of the SHA-256 digest of a file's content, which take less memory than the
 * whole. Immutable and thread-safe.
 *
 * @param high the first 64 bits
 * @param low the next 64 bits
 * @since 0.1.0
 */
public record Checksum(long high, long low) {
  /** Computes the checksum of what is written to it. Not thread-safe. */
  static final class Channel implements WritableByteChannel {
    private final MessageDigest hash = Digest.newSha256();

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int count = bytes.remaining();
      hash.update(bytes);
      return count;
    }

    /** Ends the content, and starts another. */
    Checksum finish() {
      ByteBuffer digest = ByteBuffer.wrap(hash.digest());
      return new Checksum(digest.getLong(), digest.getLong());
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
