package dev.strata.cli.command;

/** Reads a whole number from 1 on. */
public final class PositiveInteger {
  private PositiveInteger() {}

  public static Integer read(String text) {
    try {
      int number = Integer.parseInt(text);
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException _) {
      // The same answer as for a number below 1.
    }
    throw new UsageException("'" + text + "' is no whole number from 1 on");
  }
}
