package dev.strata.io;

import org.jspecify.annotations.Nullable;

/**
 * Output cannot be written: the disk is full, a folder is missing, or a permission is lacking.
 * Whatever was there before is unchanged.
 *
 * @since 0.1.0
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
   * @param cause the cause, or null
   */
  public OutputException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
