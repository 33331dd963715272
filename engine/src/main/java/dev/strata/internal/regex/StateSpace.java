package dev.strata.internal.regex;

/** The memory that several automata may use for their states. Not thread-safe. */
public final class StateSpace {
  private long free;

  /**
   * Limits the memory.
   *
   * @param bytes an estimate of the size of all states
   */
  public StateSpace(long bytes) {
    this.free = bytes;
  }

  boolean take(long bytes) {
    if (free < bytes) {
      return false;
    }
    free -= bytes;
    return true;
  }

  void giveBack(long bytes) {
    free += bytes;
  }
}
