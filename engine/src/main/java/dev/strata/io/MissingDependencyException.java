package dev.strata.io;

import org.jspecify.annotations.Nullable;

/** An optional library, or a program that a transport runs, is not there or cannot be loaded. */
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
   * @param cause what led to it, or null
   */
  public MissingDependencyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
