package dev.strata.io;

import org.jspecify.annotations.Nullable;

/** A registry or daemon refused access: HTTP status 401 or 403. Other credentials may help. */
public class UnauthorizedException extends StrataException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message one line: what failed, on which path, what to do
   */
  public UnauthorizedException(String message) {
    super(message);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param message one line: what failed, on which path, what to do
   * @param cause what led to it, or null
   */
  public UnauthorizedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
