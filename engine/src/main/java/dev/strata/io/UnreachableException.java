package dev.strata.io;

import org.jspecify.annotations.Nullable;

/**
 * A server could not be reached, or stopped answering, and retries did not help: connection
 * refused, unknown host, time-out, repeated server errors. Trying again later may help.
 */
public class UnreachableException extends StrataException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message one line: what failed, on which path, what to do
   */
  public UnreachableException(String message) {
    super(message);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param message one line: what failed, on which path, what to do
   * @param cause what led to it, or null
   */
  public UnreachableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
