package dev.strata.cli.command;

import java.util.Set;

/** Parses the value of a flag, such as {@code --debug=false}, like Go's flag package. */
public final class GoBoolean {
  private static final Set<String> TRUE = Set.of("1", "t", "T", "true", "TRUE", "True");
  private static final Set<String> FALSE = Set.of("0", "f", "F", "false", "FALSE", "False");

  private GoBoolean() {}

  public static Boolean read(String text) {
    if (TRUE.contains(text)) {
      return true;
    }
    if (FALSE.contains(text)) {
      return false;
    }
    throw new UsageException("must be true or false, got '" + text + "'");
  }
}
