package dev.strata.blob;

/**
 * Receives progress events, and may cancel the work. Called by several threads at once; each call
 * should return quickly.
 *
 * @since 0.1.0
 */
public interface Progress {
  /** Ignores all events and never cancels. */
  Progress NONE = new Progress() {};

  /**
   * Called when all layers have been laid out.
   *
   * @param layers the number of layers
   * @param entries the number of files, directories and links in them
   * @param bytes the total size of their tar streams, in bytes
   */
  default void planned(int layers, long entries, long bytes) {}

  /**
   * Called when all layers have been laid out, if some of their files have the setuid or setgid
   * bit. Containers run those with the rights of their owner or group.
   *
   * @param files the number of such files
   * @param first the path of the first one, in the store or wherever it was read from
   */
  default void privileged(long files, String first) {}

  /**
   * Called when all layers have been laid out, if sockets were left out of folders whose options
   * have patterns for files to leave out. Elsewhere, a socket is an error.
   *
   * @param files the number of sockets
   * @param first the path of the first one
   */
  default void socketsLeftOut(long files, String first) {}

  /**
   * Called when all layers have been laid out, if names in them start with {@code .wh.}. Container
   * tools take such a file for the deletion of another one in a layer below.
   *
   * <p>Source: OCI image specification 1.1, layer.md, "Whiteouts".
   *
   * @param files the number of such files
   * @param first the path of the first one, in the store or wherever it was read from
   */
  default void whiteouts(long files, String first) {}

  /**
   * Called when a file, or a symbolic link, takes the place of another one at the same name in a
   * layer. Both have the same mode, and files have the same size; their contents may differ.
   *
   * @param first the path that the first one was read from, which does not get into the layer
   * @param second the path that the second one is read from
   */
  default void replaced(String first, String second) {}

  /**
   * Called when a permission rule applies to no file of its path.
   *
   * @param path the path that the rule is for
   * @param regex the regular expression of the rule
   */
  default void ruleUnused(String path, String regex) {}

  /**
   * Called when a part of a layer has been hashed.
   *
   * @param bytes the size of the part, in bytes
   */
  default void advanced(long bytes) {}

  /**
   * Called when a layer is finished.
   *
   * @param index the layer's position in the plan, from 0
   * @param descriptor the descriptor of its uncompressed tar stream
   */
  default void finished(int index, Descriptor descriptor) {}

  /**
   * Returns whether to stop. Called about once per millisecond of work by each thread.
   *
   * @return true to end the work with a {@link java.util.concurrent.CancellationException}
   */
  default boolean cancelled() {
    return false;
  }
}
