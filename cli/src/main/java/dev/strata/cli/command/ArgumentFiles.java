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
  private static final int NONE = -1;

  private final String name;
  private final String text;
  private final List<String> words = new ArrayList<>();
  private int at;

  private ArgumentFiles(String name, String text) {
    this.name = name;
    this.text = text;
  }

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
    for (String word : new ArgumentFiles(FileNames.quote(file), text).words()) {
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

  private List<String> words() {
    while (skipToWord()) {
      words.add(word());
    }
    return words;
  }

  private int peek() {
    return at < text.length() ? text.charAt(at) : NONE;
  }

  /** Skips white space and comments; returns whether a word follows. */
  private boolean skipToWord() {
    while (at < text.length()) {
      if (peek() == '#') {
        while (at < text.length() && peek() != '\n') {
          at++;
        }
      } else if (!isSpace(peek()) && !isEscapedLineEnd()) {
        return true;
      } else {
        at += isSpace(peek()) ? 1 : 2;
      }
    }
    return false;
  }

  private boolean isEscapedLineEnd() {
    return text.startsWith("\\\n", at);
  }

  private static boolean isSpace(int c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
  }

  private String word() {
    StringBuilder word = new StringBuilder();
    while (peek() != NONE && !isSpace(peek())) {
      char c = text.charAt(at++);
      if (c == '\'') {
        int end = text.indexOf('\'', at);
        if (end < 0) {
          throw unclosed();
        }
        word.append(text, at, end);
        at = end + 1;
      } else if (c == '"') {
        doubleQuoted(word);
      } else if (c == '\\') {
        if (peek() == '\n') {
          at++;
        } else if (peek() != NONE) {
          word.append(text.charAt(at++));
        }
      } else {
        word.append(c);
      }
    }
    return word.toString();
  }

  private void doubleQuoted(StringBuilder word) {
    while (peek() != '"') {
      if (peek() == NONE) {
        throw unclosed();
      }
      char c = text.charAt(at++);
      if (c == '\\' && peek() != NONE && "\"\\$`\n".indexOf(peek()) >= 0) {
        char escaped = text.charAt(at++);
        if (escaped != '\n') {
          word.append(escaped);
        }
      } else {
        word.append(c);
      }
    }
    at++;
  }

  private UsageException unclosed() {
    return new UsageException(name + " contains a quote that is not closed; close it");
  }
}
