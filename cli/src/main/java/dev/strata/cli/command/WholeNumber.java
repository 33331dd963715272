package dev.strata.cli.command;

/** Reads a whole number of any sign. */
public final class WholeNumber {
  private WholeNumber() {}

  public static Integer read(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException _) {
      throw bad(text);
    }
  }

  /** Reads one that may be large. */
  public static Long readLong(String text) {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw bad(text);
    }
  }

  private static UsageException bad(String text) {
    return new UsageException("'" + text + "' is no whole number");
  }
}
