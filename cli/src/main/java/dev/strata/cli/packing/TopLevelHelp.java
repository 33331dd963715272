package dev.strata.cli.packing;

import dev.strata.cli.CommandTable;

/** The help of the program itself: its commands by group, its options, examples. */
final class TopLevelHelp {
  private static final String HEAD =
      """
      Usage: strata COMMAND [ARGUMENTS]

      Strata turns Nix closures, or any folders, into the layers of a container image:
      the same bytes on every machine, and no tarball on disk.
      """;

  private static final String TAIL =
      """

      Options:
        -h, --help     Show this help; 'strata COMMAND --help' explains a command
        -V, --version  Show the version
        -d, --debug    Show the stack trace of an error

      Examples:
        See it all work once, with a sample that is made up and removed again:
          strata demo
        Describe an image that holds a program from the Nix store and all it needs:
          strata build /nix/store/...-hello-2.12.1 --config config.json -o image.json
        Put a folder at the root of an image:
          strata build --copy-to-root ./site -o image.json
        See what is in its first layer:
          strata tar image.json --layer 0 | tar tv

      Exit codes: 0 success, 1 failure, 2 bad usage (1 for the commands of nix2container).
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
