package dev.strata.internal.files;

/**
 * Decides whether files are on storage that has to be waited for, from a sample of the accesses.
 * Not thread-safe.
 */
final class WaitGauge {
  /** So many more accesses that waited than others. */
  private static final int MANY = 8;

  private int surplus;

  /** Adds an access, and whether it had to wait. */
  void add(boolean waited) {
    surplus = Math.max(0, surplus + (waited ? 1 : -1));
  }

  /** Returns whether most of the latest accesses had to wait. */
  boolean isHigh() {
    return surplus >= MANY;
  }
}
