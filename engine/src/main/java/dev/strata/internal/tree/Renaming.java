package dev.strata.internal.tree;

import dev.strata.io.FileNames;
import dev.strata.layering.LayerPath;
import dev.strata.layering.PathOptions;
import dev.strata.layering.Rewrite;

/** Where the files of a path are in a layer. Stateless and thread-safe. */
public final class Renaming {
  private Renaming() {}

  /**
   * Returns the name that a file has in a layer.
   *
   * @param path the path with its rewrite
   * @param file the path itself or a file below it, whether or not it exists
   * @return the name; empty if the file is left out
   * @throws dev.strata.io.InvalidInputException if the rewrite is malformed
   */
  public static String nameInLayer(LayerPath path, String file) {
    PathOptions options = path.options();
    Rewrite rewrite = options == null ? Rewrite.NONE : options.rewrite();
    if (rewrite.regex().isEmpty()) {
      return file;
    }
    GoRegex regex = GoRegex.compile(rewrite.regex(), "rewrite of " + FileNames.quote(path.path()));
    byte[] source = FileNames.encode(file);
    GoTemplate template = GoTemplate.parse(rewrite.replacement(), regex);
    return FileNames.decode(regex.replaceAll(source, source.length, template));
  }
}
