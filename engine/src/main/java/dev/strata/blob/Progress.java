package dev.strata.blob;

/**
 * Is told how the work goes. Calls come from several threads at once; they should return quickly.
 */
public interface Progress {
  /** Says nothing and never cancels. */
  Progress NONE = new Progress() {};

  /**
   * The layout of all layers is known.
   *
   * @param layers how many layers there are
   * @param entries how many files, directories and links they hold
   * @param bytes how many bytes their tar streams have
   */
  default void planned(int layers, long entries, long bytes) {}

  /**
   * A piece of a layer has been hashed.
   *
   * @param bytes how many bytes more
   */
  default void advanced(long bytes) {}

  /**
   * A layer is done.
   *
   * @param index its number in the plan, from 0
   * @param descriptor names its uncompressed tar stream
   */
  default void finished(int index, Descriptor descriptor) {}

  /**
   * Whether to stop. Asked between pieces of about a millisecond.
   *
   * @return true to end the work by a {@link java.util.concurrent.CancellationException}
   */
  default boolean cancelled() {
    return false;
  }
}
