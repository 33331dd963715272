package dev.strata.cli.command;

import dev.strata.io.FileNames;
import dev.strata.io.InputFile;
import dev.strata.io.StrataException;
import java.util.ArrayList;
import java.util.List;

/**
 * Replaces {@code @FILE} among arguments by the words in a file, and {@code @@text} by {@code
 * @text}. Words are separated by white space; quotes and backslashes have the meaning that they
 * have in a shell, and a word that starts with {@code #} starts a comment. Nothing else has a
 * meaning. Arguments after {@code --} are left as they are.
 */
final class ArgumentFiles {
  private ArgumentFiles() {}

  /**
   * Replaces arguments.
   *
   * @throws UsageException if a file cannot be read, or is malformed
   */
  static String[] expand(String... args) {
    List<String> all = new ArrayList<>();
    boolean ended = false;
    for (String arg : args) {
      if (ended || !arg.startsWith("@") || arg.equals("@")) {
        all.add(arg);
      } else if (arg.startsWith("@@")) {
        all.add(arg.substring(1));
      } else {
        all.addAll(read(arg.substring(1)));
      }
      ended |= arg.equals("--");
    }
    return all.toArray(String[]::new);
  }

  private static List<String> read(String file) {
    String text;
    try {
      text = FileNames.decode(InputFile.readAll(FileNames.path(file)));
    } catch (StrataException e) {
      throw new UsageException(
          "cannot read arguments: "
              + e.getMessage()
              + "; write @@ for an argument that starts with @");
    }
    List<String> words = new ArrayList<>();
    for (String word : words(FileNames.quote(file), text)) {
      if (word.startsWith("@") && !word.startsWith("@@")) {
        throw new UsageException(
            FileNames.quote(file)
                + " contains "
                + FileNames.quote(word)
                + ", but a file of arguments cannot name another; write @@ for an argument that"
                + " starts with @");
      }
      words.add(word.startsWith("@") ? word.substring(1) : word);
    }
    return words;
  }

  private static List<String> words(String name, String text) {
    List<String> words = ShellWords.split(text);
    if (words == null) {
      throw new UsageException(name + " contains a quote that is not closed; close it");
    }
    return words;
  }
}
