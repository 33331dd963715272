package dev.strata.internal.files;

import dev.strata.internal.foreign.Sha256;

/**
 * Binds libc and libcrypto on a thread of its own: the JVM generates code for that, which takes
 * longer than all the work on a small closure. The thread ends when it is done. Thread-safe.
 */
final class LibcBinding {
  private static volatile boolean ready;
  private static boolean started;

  private LibcBinding() {}

  /** Starts to bind the libraries, unless that has been done before. */
  static synchronized void start() {
    if (!started) {
      started = true;
      Sha256.willBind();
      try {
        Thread.ofPlatform().daemon().name("strata-libc").start(LibcBinding::bind);
      } catch (OutOfMemoryError _) {
        // The system permits no more threads: NIO and the JDK do the work.
        Sha256.willNotBind();
      }
    }
  }

  private static void bind() {
    try {
      ready = NativeFiles.available();
    } finally {
      Sha256.bind();
    }
  }

  /** Returns whether libc has been bound. */
  static boolean isReady() {
    return ready;
  }
}
