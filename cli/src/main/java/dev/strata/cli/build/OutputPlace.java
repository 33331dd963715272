package dev.strata.cli.build;

import dev.strata.cli.command.UsageException;
import dev.strata.io.FileNames;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;

/** Where a build writes. */
final class OutputPlace {
  private OutputPlace() {}

  /**
   * Checks that a file is not written into a folder that is added to the image: the folder would
   * change while it is read, and again when the file is complete.
   *
   * @param file the output file
   * @param option its option, for the message
   * @param added the files and folders that are added, except those in a Nix store
   * @throws UsageException if it is in one of the folders
   */
  static void check(String file, String option, Collection<String> added) {
    Path folder = FileNames.path(file).toAbsolutePath().getParent();
    for (String path : added) {
      if (folder != null && isWithin(folder, FileNames.path(path))) {
        throw new UsageException(
            "the output file "
                + FileNames.quote(file)
                + " is in the folder "
                + FileNames.quote(path)
                + ", which is added to the image; write it elsewhere with "
                + option);
      }
    }
  }

  private static boolean isWithin(Path folder, Path added) {
    try {
      return folder.toRealPath().startsWith(added.toRealPath());
    } catch (IOException _) {
      // Opening the file, or reading the folder, reports it.
      return false;
    }
  }
}
