package dev.strata.io;

/**
 * The bytes of a blob were wrong when they arrived, but may be right when they are fetched again. A
 * reader that can start anew reads the blob once more; the source limits how often, and throws
 * another {@link CorruptDataException} in the end.
 *
 * @since 0.1.0
 */
public final class CorruptTransferException extends CorruptDataException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message one line: what failed, on which path, what to do
   */
  public CorruptTransferException(String message) {
    super(message);
  }
}
