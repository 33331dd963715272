package dev.strata.oci;

import org.jspecify.annotations.Nullable;

/**
 * How a layer was created: a history entry of the OCI image specification. Immutable and
 * thread-safe.
 *
 * @param created when it was created, or null
 * @param createdBy the command that created it; may be empty, as all texts here
 * @param author the author
 * @param comment a comment
 * @param emptyLayer whether the entry has no layer
 * @since 0.1.0
 */
public record History(
    @Nullable Timestamp created,
    String createdBy,
    String author,
    String comment,
    boolean emptyLayer) {
  /** An entry without content. */
  public static final History EMPTY = new History(null, "", "", "", false);

  /**
   * Creates an entry that names a command.
   *
   * @param command the command that created the layer
   * @return the entry
   */
  public static History createdBy(String command) {
    return new History(null, command, "", "", false);
  }
}
