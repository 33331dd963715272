package dev.strata.io;

import org.jspecify.annotations.Nullable;

/**
 * A server could not be reached, or stopped responding, despite retries: connection refused,
 * unknown host, time-out, repeated server errors. Trying again later may help.
 *
 * @since 0.1.0
 */
public class UnreachableException extends StrataException {
  private static final long serialVersionUID = 1L;

  /** The number of failed attempts; 0 if there was no retry. */
  private final int attempts;

  /**
   * Creates an exception.
   *
   * @param message one line: what failed, on which path, what to do
   */
  public UnreachableException(String message) {
    this(message, 0, null);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param message one line: what failed, on which path, what to do
   * @param cause the cause, or null
   */
  public UnreachableException(String message, @Nullable Throwable cause) {
    this(message, 0, cause);
  }

  /**
   * Creates an exception for a request that was retried.
   *
   * @param message one line: what failed, on which path, what to do
   * @param attempts the number of failed attempts
   * @param cause the cause, or null
   */
  public UnreachableException(String message, int attempts, @Nullable Throwable cause) {
    super(message, cause);
    this.attempts = attempts;
  }

  /**
   * Returns how often the request was attempted before the limit of retries was reached.
   *
   * @return the number of failed attempts; 0 if the failure is not one that is retried
   */
  public int attempts() {
    return attempts;
  }
}
