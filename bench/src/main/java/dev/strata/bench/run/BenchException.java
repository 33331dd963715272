package dev.strata.bench.run;

/** A measurement that could not be made; the message says in one line why and what to do. */
public final class BenchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * Makes an exception.
   *
   * @param message what failed, on what, and the remedy
   */
  public BenchException(String message) {
    super(message);
  }

  /**
   * Makes an exception with its cause.
   *
   * @param message what failed, on what, and the remedy
   * @param cause what happened
   */
  public BenchException(String message, Throwable cause) {
    super(message, cause);
  }
}
