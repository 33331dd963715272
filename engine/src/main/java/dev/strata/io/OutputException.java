package dev.strata.io;

import org.jspecify.annotations.Nullable;

/**
 * Output cannot be written: a full disk, a missing folder, a lack of permission. What was there
 * before is unchanged.
 */
public class OutputException extends StrataException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message one line: what failed, on which path, what to do
   */
  public OutputException(String message) {
    super(message);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param message one line: what failed, on which path, what to do
   * @param cause what led to it, or null
   */
  public OutputException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
