package dev.strata.bench.run;

/** A failed measurement; the message states the reason and the remedy in one line. */
public final class BenchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates an exception.
   *
   * @param message what failed, on which input, and the remedy
   */
  public BenchException(String message) {
    super(message);
  }

  /**
   * Creates an exception with a cause.
   *
   * @param message what failed, on which input, and the remedy
   * @param cause the cause
   */
  public BenchException(String message, Throwable cause) {
    super(message, cause);
  }
}
