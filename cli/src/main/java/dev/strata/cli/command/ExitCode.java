package dev.strata.cli.command;

/** The exit codes of the program. */
public final class ExitCode {
  /** The command did its work. */
  public static final int SUCCESS = 0;

  /** The command failed. */
  public static final int FAILURE = 1;

  /** The arguments are wrong. Drop-in commands exit with 1 instead, as the reference does. */
  public static final int USAGE = 2;

  /** A command that compares found a difference, as for diff(1). */
  public static final int DIFFERENT = 1;

  /** A command that compares could not find the answer, as for diff(1). */
  public static final int TROUBLE = 2;

  private ExitCode() {}
}
