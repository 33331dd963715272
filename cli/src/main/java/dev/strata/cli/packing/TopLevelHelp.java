package dev.strata.cli.packing;

import dev.strata.cli.CommandTable;

/** Renders the help of the program itself: commands by group, options and examples. */
final class TopLevelHelp {
  private static final String HEAD =
      """
      Usage: strata COMMAND [ARGUMENTS]

      Strata builds container images from Nix closures, or from any folders. Layers
      have the same bytes on every machine, and no tarball is written to disk.
      """;

  private static final String TAIL =
      """

      Options:
        -h, --help     Show this help; see also 'strata COMMAND --help'
        -V, --version  Show the version
        -d, --debug    Show stack traces of errors

      Examples:
        Build and verify a sample image; no files are left behind:
          strata demo
        Build an image of a program in the Nix store and everything it needs:
          strata build /nix/store/...-hello-2.12.1 --config config.json -o image.json
        Put the contents of a folder at the root of an image:
          strata build --copy-to-root ./site -o image.json
        List the contents of its first layer:
          strata tar image.json --layer 0 | tar tv

      Exit codes: 0 success, 1 failure, 2 usage error (1 for drop-in replacements).
      """;

  private TopLevelHelp() {}

  static String text() {
    StringBuilder text = new StringBuilder(HEAD);
    for (CommandTable.Group group : CommandTable.Group.values()) {
      text.append('\n').append(group.title()).append(":\n");
      int width =
          CommandTable.ALL.stream()
              .filter(e -> e.group() == group)
              .mapToInt(e -> e.name().length())
              .max()
              .orElse(0);
      for (CommandTable.Entry entry : CommandTable.ALL) {
        if (entry.group() == group) {
          text.append("  ").append(entry.name());
          text.repeat(' ', width + 2 - entry.name().length());
          text.append(entry.summary()).append('\n');
        }
      }
    }
    return text.append(TAIL).toString();
  }
}
