package dev.strata.cli.command;

/** The exit codes of the program. */
public final class ExitCode {
  /** The command did its work. */
  public static final int SUCCESS = 0;

  /** The command failed. */
  public static final int FAILURE = 1;

  /** The arguments are wrong. Drop-in commands exit with 1 instead, as the reference does. */
  public static final int USAGE = 2;

  private ExitCode() {}
}
