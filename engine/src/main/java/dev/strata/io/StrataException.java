package dev.strata.io;

import org.jspecify.annotations.Nullable;

/**
 * A failure a user can act on. The message is one line that names what failed, on which path, and
 * what to do about it; it is meant to be shown as it is.
 */
public class StrataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates a failure.
   *
   * @param message one line for the user
   */
  public StrataException(String message) {
    super(message);
  }

  /**
   * Creates a failure with the error that led to it.
   *
   * @param message one line for the user
   * @param cause the error behind it, kept for {@code --debug}
   */
  public StrataException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
