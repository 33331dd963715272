package dev.strata.cli.command;

/** The arguments are invalid; the message explains it in one line. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }
}
