package dev.strata.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The flag for debugging with a value, {@code --debug=false}, as Go's flags take it. */
final class DebugValue {
  private static final String START = "--debug=";
  private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
  private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");

  private DebugValue() {}

  /** The arguments with the flag alone for true, and without it for false. */
  static String[] plain(String... args) {
    List<String> plain = new ArrayList<>(args.length);
    for (String arg : args) {
      String value = arg.startsWith(START) ? arg.substring(START.length()) : "";
      if (!FALSE.contains(value)) {
        plain.add(TRUE.contains(value) ? "--debug" : arg);
      }
    }
    return plain.toArray(String[]::new);
  }
}
