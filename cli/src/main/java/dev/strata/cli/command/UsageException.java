package dev.strata.cli.command;

/** The arguments are wrong; the message says in one line how. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }
}
