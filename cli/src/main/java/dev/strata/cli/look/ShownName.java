package dev.strata.cli.look;

import dev.strata.io.FileNames;

/** Shows names that come from an image. */
final class ShownName {
  private ShownName() {}

  /** Returns a name with escapes for bytes and characters that could affect the terminal. */
  static String of(String name) {
    String quoted = FileNames.quote(name);
    return quoted.substring(1, quoted.length() - 1);
  }
}
