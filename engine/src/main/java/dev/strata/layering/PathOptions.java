package dev.strata.layering;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happens to the files of one store path on their way into a layer.
 *
 * @param rewrite how they are renamed
 * @param perms the permission rules in order, or null for none; a written {@code []} is kept apart
 *     from none, because the reference tells them apart when it compares with parent layers
 */
public record PathOptions(Rewrite rewrite, @Nullable List<Perm> perms) {
  /** Copies the rules. */
  public PathOptions {
    perms = perms == null ? null : List.copyOf(perms);
  }

  /**
   * The permission rules.
   *
   * @return the rules in order; empty for none
   */
  public List<Perm> rules() {
    return perms == null ? List.of() : perms;
  }
}
