package dev.strata.blob;

import dev.strata.io.CorruptTransferException;
import dev.strata.io.InvalidInputException;
import dev.strata.io.StrataException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

/**
 * The loops for bytes that are read, written or copied whole. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class Blobs {
  private static final int CHUNK = 256 << 10;

  private Blobs() {}

  /**
   * Reads a small blob, such as a manifest, into memory.
   *
   * @param blob the blob
   * @param limit the largest size accepted, in bytes
   * @return its bytes
   * @throws InvalidInputException if the blob is larger, whatever size its descriptor states
   * @throws StrataException if the blob cannot be read
   */
  public static byte[] readSmall(Blob blob, int limit) {
    Descriptor descriptor = blob.descriptor();
    if (descriptor.size() > limit) {
      throw tooLarge(descriptor, limit);
    }
    while (true) {
      try {
        return readOnce(blob, descriptor, limit);
      } catch (CorruptTransferException _) {
        // The source limits how often wrong bytes are fetched again.
      }
    }
  }

  private static byte[] readOnce(Blob blob, Descriptor descriptor, int limit) {
    ByteArrayOutputStream out = new ByteArrayOutputStream((int) descriptor.size());
    WritableByteChannel target = Channels.newChannel(out);
    try {
      blob.writeTo(
          new CountingChannel(
              target,
              _ -> {
                if (out.size() > limit) {
                  throw tooLarge(descriptor, limit);
                }
              }));
    } catch (IOException e) {
      throw new StrataException(
          "cannot read the blob " + descriptor.digest() + ": " + e.getMessage(), e);
    }
    return out.toByteArray();
  }

  private static StrataException tooLarge(Descriptor descriptor, int limit) {
    return new InvalidInputException(
        "the blob " + descriptor.digest() + " is larger than " + limit + " bytes");
  }

  /**
   * Reads a blob for its check or its descriptor alone, and discards the bytes.
   *
   * @param blob the blob
   * @throws StrataException if it cannot be read, or its bytes do not match its descriptor
   * @throws CancellationException if the thread is interrupted while it reads
   */
  public static void discard(Blob blob) {
    try {
      blob.writeTo(new NullChannel());
    } catch (IOException e) {
      throw new IllegalStateException("discarding bytes cannot fail", e);
    }
  }

  /**
   * Writes all remaining bytes of a buffer.
   *
   * @param target the channel to write to
   * @param bytes the bytes; none remain afterwards
   * @throws IOException if the channel fails
   */
  public static void writeFully(WritableByteChannel target, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      target.write(bytes);
    }
  }

  /**
   * Copies everything a source has left. Failures of the two sides stay apart.
   *
   * @param source the channel to read from
   * @param target the channel to write to
   * @param unreadable makes the exception for a failure of the source
   * @throws IOException if the target fails; the very exception it threw
   * @throws CancellationException if the thread is interrupted while it reads
   */
  public static void copy(
      ReadableByteChannel source,
      WritableByteChannel target,
      Function<IOException, StrataException> unreadable)
      throws IOException {
    // A heap buffer, whose array the hash functions read without another copy.
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
    while (fill(source, buffer, unreadable)) {
      buffer.flip();
      writeFully(target, buffer);
      buffer.clear();
    }
  }

  private static boolean fill(
      ReadableByteChannel source,
      ByteBuffer buffer,
      Function<IOException, StrataException> unreadable) {
    try {
      return source.read(buffer) >= 0;
    } catch (ClosedByInterruptException _) {
      throw new CancellationException("interrupted");
    } catch (IOException e) {
      throw unreadable.apply(e);
    }
  }
}
