package dev.strata.io;

import org.jspecify.annotations.Nullable;

/**
 * The input is malformed: JSON with an error, or a digest, reference, timestamp or platform that
 * cannot be parsed, or a file of the wrong kind. Trying again does not help; the input has to
 * change.
 *
 * @since 0.1.0
 */
public class InvalidInputException extends StrataException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message one line: what failed, on which path, what to do
   */
  public InvalidInputException(String message) {
    super(message);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param message one line: what failed, on which path, what to do
   * @param cause the cause, or null
   */
  public InvalidInputException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
