package dev.strata;

/**
 * Receives progress. Calls come from several threads at once and should return quickly.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ProgressListener {
  /**
   * Some bytes have been read, or have been sent.
   *
   * @param done how many bytes of this build or copy are done
   * @param total how many bytes there are; grows while layers are still being found
   */
  void progressed(long done, long total);
}
