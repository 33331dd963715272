package dev.strata.internal.files;

/**
 * Binds libc on a thread of its own, started when this class is first used: the JVM generates code
 * for it, which takes longer than all the work on a small closure. Thread-safe.
 */
final class LibcBinding {
  private static volatile boolean ready;

  static {
    Thread.ofPlatform().daemon().name("strata-libc").start(() -> ready = NativeFiles.available());
  }

  private LibcBinding() {}

  /** Whether libc can be called at once; the first call starts the binding. */
  static boolean isReady() {
    return ready;
  }
}
