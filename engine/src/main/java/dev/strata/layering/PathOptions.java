package dev.strata.layering;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options for the files of one store path. Immutable and thread-safe.
 *
 * @param rewrite how the files are renamed
 * @param perms the permission rules in order, or null for none. An empty list is different from
 *     null: the reference implementation distinguishes them when it compares paths with parent
 *     layers
 * @param excludes patterns for files below the path that are left out, relative to it; sockets are
 *     left out, too. Null for all files, of which none may be a socket
 * @param parents rules for the directories above the path that only the layer has: their mode and
 *     owner, by expressions for their paths in the image. By default, they are those of root with
 *     the mode 0755
 * @since 0.1.0
 */
public record PathOptions(
    Rewrite rewrite,
    @Nullable List<Perm> perms,
    @Nullable ExcludePatterns excludes,
    List<Perm> parents) {
  /** Copies the rules. */
  public PathOptions {
    perms = perms == null ? null : List.copyOf(perms);
    parents = List.copyOf(parents);
  }

  /**
   * Creates options for a part of the files of a path.
   *
   * @param rewrite how the files are renamed
   * @param perms the permission rules in order, or null for none
   * @param excludes patterns for files that are left out, or null for none
   */
  public PathOptions(
      Rewrite rewrite, @Nullable List<Perm> perms, @Nullable ExcludePatterns excludes) {
    this(rewrite, perms, excludes, List.of());
  }

  /**
   * Creates options for all files of a path.
   *
   * @param rewrite how the files are renamed
   * @param perms the permission rules in order, or null for none
   */
  public PathOptions(Rewrite rewrite, @Nullable List<Perm> perms) {
    this(rewrite, perms, null);
  }

  /**
   * Returns the permission rules.
   *
   * @return the rules in order; empty for none
   */
  public List<Perm> rules() {
    return perms == null ? List.of() : perms;
  }
}
