package dev.strata.transport;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * Does things at once, a bounded number of them. The first failure ends the others. Thread-safe.
 */
public final class Workers implements AutoCloseable {
  private final ExecutorService pool;

  /**
   * Creates workers.
   *
   * @param count how many, at least 1
   */
  public Workers(int count) {
    pool = Executors.newFixedThreadPool(count, Thread.ofPlatform().daemon().factory());
  }

  /**
   * Works on all items.
   *
   * @param items what to work on
   * @param work what to do with each; called from several threads
   * @param <T> the type of the items
   * @param <R> the type of the results
   * @return the results, in the order of the items
   * @throws CancellationException if the calling thread is interrupted
   */
  public <T, R> List<R> map(List<T> items, Function<T, R> work) {
    CompletionService<R> done = new ExecutorCompletionService<>(pool);
    List<Future<R>> running = new ArrayList<>();
    items.forEach(item -> running.add(done.submit(() -> work.apply(item))));
    try {
      for (int i = 0; i < items.size(); i++) {
        done.take().get();
      }
      List<R> results = new ArrayList<>();
      for (Future<R> f : running) {
        results.add(f.get());
      }
      return results;
    } catch (ExecutionException e) {
      pool.shutdownNow();
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException _) {
      pool.shutdownNow();
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted");
    }
  }

  /** Waits for what still runs, after telling it to end. */
  @Override
  public void close() {
    pool.shutdownNow();
    pool.close();
  }
}
