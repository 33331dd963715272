package dev.strata.cli.command;

/** Parses an integer of any sign. */
public final class WholeNumber {
  private WholeNumber() {}

  public static Integer read(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException _) {
      throw bad(text);
    }
  }

  /** Parses an integer of 64 bits. */
  public static Long readLong(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw bad(text);
    }
  }

  private static UsageException bad(String text) {
    return new UsageException("must be an integer, got '" + text + "'");
  }
}
