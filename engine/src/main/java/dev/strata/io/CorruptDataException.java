package dev.strata.io;

import org.jspecify.annotations.Nullable;

/**
 * Stored bytes do not match their digest or size: a broken blob in a registry, an archive or a
 * layout.
 *
 * @since 0.1.0
 */
public class CorruptDataException extends StrataException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message one line: what failed, on which path, what to do
   */
  public CorruptDataException(String message) {
    super(message);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param message one line: what failed, on which path, what to do
   * @param cause the cause, or null
   */
  public CorruptDataException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
