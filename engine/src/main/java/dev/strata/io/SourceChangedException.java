package dev.strata.io;

import org.jspecify.annotations.Nullable;

/**
 * A source no longer provides the bytes that were recorded for it: a store path or folder that has
 * changed since its layer was built, or while it was read. The layer has to be built again.
 *
 * @since 0.1.0
 */
public class SourceChangedException extends StrataException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message one line: what failed, on which path, what to do
   */
  public SourceChangedException(String message) {
    super(message);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param message one line: what failed, on which path, what to do
   * @param cause the cause, or null
   */
  public SourceChangedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
