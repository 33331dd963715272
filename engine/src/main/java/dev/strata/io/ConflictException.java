package dev.strata.io;

import org.jspecify.annotations.Nullable;

/**
 * Two inputs contradict each other: different files for one path of a layer, or two images with one
 * name.
 *
 * @since 0.1.0
 */
public class ConflictException extends StrataException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message one line: what failed, on which path, what to do
   */
  public ConflictException(String message) {
    super(message);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param message one line: what failed, on which path, what to do
   * @param cause the cause, or null
   */
  public ConflictException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
