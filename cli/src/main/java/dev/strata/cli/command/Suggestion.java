package dev.strata.cli.command;

import java.util.Comparator;
import java.util.List;

/** Suggests a known name for a mistyped one. */
public final class Suggestion {
  private static final int MAX_EDITS = 2;

  private Suggestion() {}

  /** Returns the end of a message with the most similar known name; empty if none is similar. */
  public static String of(String typed, List<String> known) {
    return known.stream()
        .filter(name -> distance(typed, name) <= MAX_EDITS)
        .min(Comparator.comparingInt(name -> distance(typed, name)))
        .map(name -> "; did you mean '" + name + "'?")
        .orElse("");
  }

  /** The start of a name counts as the name. */
  private static int distance(String typed, String name) {
    return name.startsWith(typed) ? 0 : edits(typed, name);
  }

  /** Counts the letters to add, remove or replace (Levenshtein distance). */
  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
