package dev.strata.layer;

import dev.strata.internal.tree.Renaming;
import dev.strata.layering.LayerPath;

/**
 * Where the paths of a layer are in the image. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class PathNames {
  private PathNames() {}

  /**
   * Returns the name of a path in the image, after its rewrite.
   *
   * @param path the path, which need not exist
   * @return the name; {@code /} if the path itself is left out, as it is when its contents are
   *     copied to the root
   * @throws dev.strata.io.InvalidInputException if the rewrite is malformed
   */
  public static String inImage(LayerPath path) {
    String name = Renaming.nameInLayer(path, path.path());
    return name.isEmpty() ? "/" : name;
  }
}
