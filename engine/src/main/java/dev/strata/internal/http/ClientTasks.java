package dev.strata.internal.http;

import java.util.concurrent.Executor;

/**
 * Runs the tasks of the JDK's HTTP client. Without TLS they take less time than handing them to
 * another thread, and none of them waits; so the thread that has received an answer runs them
 * itself. With TLS they encrypt and decrypt, for which many connections need several threads.
 * Thread-safe.
 */
final class ClientTasks implements Executor {
  private final Executor threads;
  private volatile boolean usesThreads;

  /** Creates an executor for connections without TLS. */
  ClientTasks(Executor threads) {
    this.threads = threads;
  }

  /** To be called before the first connection with TLS. */
  void useThreads() {
    usesThreads = true;
  }

  @Override
  public void execute(Runnable task) {
    if (usesThreads) {
      try {
        threads.execute(task);
        return;
      } catch (OutOfMemoryError _) {
        // The system permits no more threads.
      }
    }
    task.run();
  }
}
