package dev.strata.internal.files;

/** Is called now and then during long work, and throws to end it. */
@FunctionalInterface
public interface StopCheck {
  /**
   * Returns if the work is to go on.
   *
   * @throws java.util.concurrent.CancellationException if the work is to stop; any other unchecked
   *     exception will do
   */
  void checkStopped();
}
