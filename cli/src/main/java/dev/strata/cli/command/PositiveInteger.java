package dev.strata.cli.command;

/** Parses an integer that is at least 1. */
public final class PositiveInteger {
  private PositiveInteger() {}

  public static Integer read(String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException _) {
      // The same error as for a number below 1.
    }
    throw new UsageException("must be a positive integer, got '" + text + "'");
  }
}
