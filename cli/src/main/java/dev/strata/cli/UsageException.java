package dev.strata.cli;

/** The arguments are wrong; the message says in one line how. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
