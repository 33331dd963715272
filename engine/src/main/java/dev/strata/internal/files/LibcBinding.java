package dev.strata.internal.files;

import dev.strata.internal.foreign.Sha256;

/**
 * Binds libc and libcrypto on a thread of its own when this class is first used: the JVM generates
 * code for that, which takes longer than all the work on a small closure. The thread ends when it
 * is done. Thread-safe.
 */
final class LibcBinding {
  private static volatile boolean ready;

  static {
    Sha256.willBind();
    Thread.ofPlatform().daemon().name("strata-libc").start(LibcBinding::bind);
  }

  private LibcBinding() {}

  private static void bind() {
    try {
      ready = NativeFiles.available();
      if (ready) {
        EarlyFiles.setBound();
      }
    } finally {
      Sha256.bind();
    }
  }

  /** Returns whether libc has been bound; the first call starts the binding. */
  static boolean isReady() {
    return ready;
  }
}
