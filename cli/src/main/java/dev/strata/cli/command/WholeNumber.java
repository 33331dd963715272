package dev.strata.cli.command;

/** Parses an integer that is at least 0. */
public final class WholeNumber {
  private WholeNumber() {}

  public static Integer read(String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException _) {
      // The same error as for a negative number.
    }
    throw bad(text);
  }

  /** Parses an integer of 64 bits. */
  public static Long readLong(String text) {
    try {
      long number = Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException _) {
      // The same error as for a negative number.
    }
    throw bad(text);
  }

  private static UsageException bad(String text) {
    return new UsageException("must be a whole number of at least 0, got '" + text + "'");
  }
}
