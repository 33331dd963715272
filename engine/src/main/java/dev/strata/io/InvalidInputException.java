package dev.strata.io;

import org.jspecify.annotations.Nullable;

/**
 * Input that does not have the form it should: broken JSON, a digest, reference, timestamp or
 * platform that cannot be parsed, a file that is something else than it is used as. Trying again
 * will not help; the input has to change.
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
   * @param cause what led to it, or null
   */
  public InvalidInputException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
