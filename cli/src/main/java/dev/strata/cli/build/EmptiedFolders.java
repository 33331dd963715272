package dev.strata.cli.build;

import dev.strata.image.Image;
import dev.strata.io.FileNames;
import dev.strata.layer.Layer;
import dev.strata.layering.ExcludePatterns;
import dev.strata.layering.LayerPath;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Finds folders from which patterns exclude everything, which is most often a mistake. */
final class EmptiedFolders {
  private EmptiedFolders() {}

  /** Returns a warning for each such folder of an image. */
  static List<String> problems(Image image) {
    List<String> problems = new ArrayList<>();
    for (Layer layer : image.layers()) {
      for (LayerPath path : layer.paths()) {
        ExcludePatterns patterns = path.options() == null ? null : path.options().excludes();
        if (patterns != null
            && !patterns.rules().isEmpty()
            && isEmptied(FileNames.path(path.path()), patterns)) {
          problems.add("the exclude patterns match everything in " + FileNames.quote(path.path()));
        }
      }
    }
    return problems;
  }

  private static boolean isEmptied(Path folder, ExcludePatterns patterns) {
    try {
      return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
          && !keepsAny(folder, "", patterns, patterns.start())
          && keepsAny(folder, "", ExcludePatterns.NONE, ExcludePatterns.NONE.start());
    } catch (IOException | DirectoryIteratorException _) {
      // The folder was changed after it was read.
      return false;
    }
  }

  /** Returns whether an entry below a folder is kept. */
  private static boolean keepsAny(
      Path folder, String prefix, ExcludePatterns patterns, ExcludePatterns.Matches matches)
      throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = FileNames.decode(FileNames.bytes(entry.getFileName()));
        ExcludePatterns.Matches of = patterns.enter(matches, FileNames.encode(prefix + name));
        boolean kept =
            !patterns.isExcluded(of)
                || patterns.hasExceptions()
                    && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)
                    && keepsAny(entry, prefix + name + "/", patterns, of);
        if (kept) {
          return true;
        }
      }
    }
    return false;
  }
}
