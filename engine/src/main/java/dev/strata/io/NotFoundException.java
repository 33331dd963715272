package dev.strata.io;

import org.jspecify.annotations.Nullable;

/**
 * Something that was named does not exist: a file, a tag, a repository, or a platform in an index.
 *
 * @since 0.1.0
 */
public class NotFoundException extends StrataException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message one line: what failed, on which path, what to do
   */
  public NotFoundException(String message) {
    super(message);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param message one line: what failed, on which path, what to do
   * @param cause the cause, or null
   */
  public NotFoundException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
