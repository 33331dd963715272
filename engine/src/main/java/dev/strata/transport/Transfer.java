package dev.strata.transport;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.PendingBlob;
import dev.strata.compress.Compression;
import dev.strata.io.InvalidInputException;

/**
 * How blobs are moved. Immutable and thread-safe if its listener is.
 *
 * @param parallel the number of blobs moved at once, at least 1
 * @param listener receives progress events and may cancel the transfer
 * @since 0.1.0
 */
public record Transfer(int parallel, Listener listener) {
  private static final int PARALLEL = 6;

  /**
   * Checks the number.
   *
   * @throws InvalidInputException if it is less than 1
   */
  public Transfer {
    if (parallel < 1) {
      throw new InvalidInputException(
          "the number of blobs moved at once must be a positive integer, got " + parallel);
    }
  }

  /**
   * Returns how many blobs to move at once if nothing else is asked for: 6, or one more than the
   * threads that compress them. Reading more layers than those can take only evicts their data from
   * the CPU's cache.
   *
   * @param compression how layers are compressed on the way
   * @param jobs the number of threads that compress, at least 1
   * @return the number of blobs
   */
  public static int usualParallel(Compression compression, int jobs) {
    return compression == Compression.NONE ? PARALLEL : Math.min(PARALLEL, jobs + 1);
  }

  /**
   * Creates a transfer without progress events.
   *
   * @param parallel the number of blobs moved at once, at least 1
   * @return the transfer
   */
  public static Transfer quiet(int parallel) {
    return new Transfer(parallel, new Listener() {});
  }

  /**
   * Receives the progress events of a transfer. Methods are called from several threads at once.
   *
   * @since 0.1.0
   */
  public interface Listener {
    /**
     * The destination lacks a blob, and its transfer begins.
     *
     * @param blob the blob; the descriptor of a {@link PendingBlob} may not be known yet
     */
    default void started(Blob blob) {}

    /**
     * Bytes of a blob were sent. Bytes that are sent again after a failure count again.
     *
     * @param blob the blob
     * @param bytes the number of bytes since the last call
     */
    default void advanced(Blob blob, long bytes) {}

    /**
     * The destination has received a blob completely.
     *
     * @param blob the blob
     * @param descriptor the blob's descriptor
     */
    default void finished(Blob blob, Descriptor descriptor) {}

    /**
     * A blob was not transferred because the destination has it, has mounted it from another
     * repository, or has the same layer as another program compressed it.
     *
     * @param descriptor the descriptor of the blob that the destination has
     * @param reason {@code exists}, {@code mounted} or {@code reused}
     */
    default void skipped(Descriptor descriptor, String reason) {}

    /**
     * A request failed and will be sent again.
     *
     * @param problem what failed, on one line
     * @param waitMillis the wait before the next attempt, in milliseconds
     */
    default void retrying(String problem, long waitMillis) {}

    /**
     * Something about the image may not be as expected; the transfer goes on.
     *
     * @param text what, and what to do about it, on one line
     */
    default void warning(String text) {}

    /**
     * Returns whether to cancel the transfer. Called many times a second, so it must be fast.
     *
     * @return true to end the transfer with a {@link java.util.concurrent.CancellationException}
     */
    default boolean cancelled() {
      return false;
    }
  }
}
