package dev.strata.io;

import org.jspecify.annotations.Nullable;

/**
 * An optional library, or a program that a transport runs, is missing or cannot be loaded.
 *
 * @since 0.1.0
 */
public class MissingDependencyException extends StrataException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message one line: what failed, on which path, what to do
   */
  public MissingDependencyException(String message) {
    super(message);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param message one line: what failed, on which path, what to do
   * @param cause the cause, or null
   */
  public MissingDependencyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
