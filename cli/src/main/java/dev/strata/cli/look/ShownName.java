package dev.strata.cli.look;

import dev.strata.closure.StorePathName;
import dev.strata.io.FileNames;
import java.util.List;

/** Shows names that come from an image. */
final class ShownName {
  private static final int PATHS = 2;

  private ShownName() {}

  /** Returns a name with escapes for bytes and characters that could affect the terminal. */
  static String of(String name) {
    String quoted = FileNames.quote(name);
    return quoted.substring(1, quoted.length() - 1);
  }

  /** Returns the first of some paths, store paths without their hashes, and how many more exist. */
  static String ofPaths(List<String> paths) {
    StringBuilder names = new StringBuilder();
    for (String path : paths.subList(0, Math.min(PATHS, paths.size()))) {
      StorePathName name = StorePathName.of(path);
      names
          .append(names.isEmpty() ? "" : ", ")
          .append(of(name.hash().isEmpty() ? path : name.full()));
    }
    int more = paths.size() - PATHS;
    return more > 0 ? names + ", and " + more + " more" : names.toString();
  }
}
