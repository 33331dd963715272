package dev.strata.io;

import org.jspecify.annotations.Nullable;

/**
 * A failure that a user can act on. The message is a single line that states what failed, on which
 * path, and what to do about it. Subclasses tell the kinds of failures apart.
 *
 * @since 0.1.0
 */
public class StrataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message one line: what failed, on which path, what to do
   */
  public StrataException(String message) {
    super(message);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param message one line: what failed, on which path, what to do
   * @param cause the cause, or null
   */
  public StrataException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
