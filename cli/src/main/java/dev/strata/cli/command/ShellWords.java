package dev.strata.cli.command;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits text into words. They are separated by white space; quotes and backslashes have the
 * meaning that they have in a shell, and a word that starts with {@code #} starts a comment.
 * Nothing else has a meaning.
 */
public final class ShellWords {
  private static final int NONE = -1;

  private final String text;
  private int at;
  private boolean unclosed;

  private ShellWords(String text) {
    this.text = text;
  }

  /** Splits a text; returns null if a quote is not closed. */
  public static @Nullable List<String> split(String text) {
    ShellWords split = new ShellWords(text);
    List<String> words = new ArrayList<>();
    while (split.skipToWord()) {
      words.add(split.word());
    }
    return split.unclosed ? null : words;
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
        unclosed |= end < 0;
        word.append(text, at, end < 0 ? text.length() : end);
        at = end < 0 ? text.length() : end + 1;
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
        unclosed = true;
        return;
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
}
