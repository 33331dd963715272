package dev.strata.io;

import org.jspecify.annotations.Nullable;

/**
 * A registry or daemon refused access: HTTP status 401 or 403. Other credentials may help.
 *
 * @since 0.1.0
 */
public class UnauthorizedException extends StrataException {
  private static final long serialVersionUID = 1L;

  /** The image reference; null if unknown. */
  private final @Nullable String place;

  /**
   * Creates an exception.
   *
   * @param message one line: what failed, on which path, what to do
   */
  public UnauthorizedException(String message) {
    this(message, null, null);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param message one line: what failed, on which path, what to do
   * @param cause the cause, or null
   */
  public UnauthorizedException(String message, @Nullable Throwable cause) {
    this(message, null, cause);
  }

  /**
   * Creates an exception that says where access was refused.
   *
   * @param message one line: what failed, on which path, what to do
   * @param place the image reference, or null
   * @param cause the cause, or null
   */
  public UnauthorizedException(String message, @Nullable String place, @Nullable Throwable cause) {
    super(message, cause);
    this.place = place;
  }

  /**
   * Returns the reference of the image that was accessed.
   *
   * @return the reference, such as {@code registry.example.org/team/app:1}; null if unknown
   */
  public @Nullable String place() {
    return place;
  }
}
