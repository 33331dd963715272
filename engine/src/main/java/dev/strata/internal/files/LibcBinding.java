package dev.strata.internal.files;

/**
 * Binds libc on a thread of its own when this class is first used: the JVM generates code for that,
 * which takes longer than all the work on a small closure. The thread ends when it is done.
 * Thread-safe.
 */
final class LibcBinding {
  private static volatile boolean ready;

  static {
    Thread.ofPlatform().daemon().name("strata-libc").start(() -> ready = NativeFiles.available());
  }

  private LibcBinding() {}

  /** Returns whether libc has been bound; the first call starts the binding. */
  static boolean isReady() {
    return ready;
  }
}
