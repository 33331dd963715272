package dev.strata.transport;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.PendingBlob;
import dev.strata.io.StrataException;

/**
 * How blobs are moved.
 *
 * @param parallel how many blobs at once, at least 1
 * @param listener is told how it goes
 */
public record Transfer(int parallel, Listener listener) {
  /** Checks the number. */
  public Transfer {
    if (parallel < 1) {
      throw new StrataException("cannot move " + parallel + " blobs at once: give 1 or more");
    }
  }

  /**
   * A quiet transfer.
   *
   * @param parallel how many blobs at once, at least 1
   * @return it
   */
  public static Transfer quiet(int parallel) {
    return new Transfer(parallel, new Listener() {});
  }

  /** Is told how each blob gets on. Calls come from several threads at once. */
  public interface Listener {
    /**
     * A blob is not there and will be sent.
     *
     * @param blob the blob; the descriptor of a {@link PendingBlob} may not be known yet
     */
    default void started(Blob blob) {}

    /**
     * Bytes of a blob have left; a transfer that starts again counts them again.
     *
     * @param blob the blob
     * @param bytes how many more
     */
    default void advanced(Blob blob, long bytes) {}

    /**
     * A blob has arrived.
     *
     * @param blob the blob
     * @param descriptor what names it
     */
    default void finished(Blob blob, Descriptor descriptor) {}

    /**
     * A blob was there already, or is known to the registry from another repository.
     *
     * @param descriptor what names it
     * @param reason {@code exists} or {@code mounted}
     */
    default void skipped(Descriptor descriptor, String reason) {}

    /**
     * A request failed and is tried again.
     *
     * @param problem one line: what failed
     * @param waitMillis how long the wait before the next try is, in milliseconds
     */
    default void retrying(String problem, long waitMillis) {}

    /**
     * Whether to stop. Asked several times a second while anything waits or moves.
     *
     * @return true to end the transfer with a {@link java.util.concurrent.CancellationException}
     */
    default boolean cancelled() {
      return false;
    }
  }
}
