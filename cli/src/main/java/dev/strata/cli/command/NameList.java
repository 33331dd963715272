package dev.strata.cli.command;

import dev.strata.io.FileNames;
import dev.strata.io.InputFile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** File names from a list in a file, for more names than fit on a command line. */
public final class NameList {
  private NameList() {}

  /**
   * Reads a list.
   *
   * @param list a file with one name per line, or null for none; empty lines are ignored
   * @param further names to append
   */
  public static List<String> of(@Nullable String list, List<String> further) {
    if (list == null) {
      return further;
    }
    List<String> names = new ArrayList<>();
    FileNames.decode(InputFile.readAll(FileNames.path(list)))
        .lines()
        .filter(line -> !line.isEmpty())
        .forEach(names::add);
    names.addAll(further);
    return names;
  }
}
