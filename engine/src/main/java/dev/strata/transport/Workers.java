package dev.strata.transport;

import dev.strata.blob.Blob;
import dev.strata.blob.Descriptor;
import dev.strata.blob.PendingBlob;
import dev.strata.compress.CompressedBlob;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The threads of a transfer, as many as it moves blobs at once. The first failure, a cancellation
 * by the transfer's listener and an interrupt of the calling thread interrupt all work; after that
 * the workers cannot be used again. Thread-safe.
 *
 * @since 0.1.0
 */
public final class Workers implements AutoCloseable {
  private final ExecutorService pool;
  private final Cancellation cancellation;

  /**
   * Creates the threads of a transfer; they start with the first work.
   *
   * @param transfer how many threads, and the listener that may cancel the work
   */
  public Workers(Transfer transfer) {
    pool =
        Executors.newFixedThreadPool(
            transfer.parallel(),
            Thread.ofPlatform().daemon().name("strata-transfer-", 0).factory());
    cancellation = Cancellation.of(transfer.listener());
  }

  /**
   * Applies a function to each item and waits until all are done.
   *
   * @param items the items, begun in this order
   * @param work the function, called from several threads
   * @param <T> the type of the items
   * @param <R> the type of the results
   * @return the results, in the order of the items
   * @throws java.util.concurrent.CancellationException if the transfer is cancelled or the calling
   *     thread interrupted
   */
  public <T, R> List<R> map(List<T> items, Function<T, R> work) {
    // Room for all: a result that could not be added would be waited for without end.
    BlockingQueue<Future<R>> results = new ArrayBlockingQueue<>(Math.max(items.size(), 1));
    CompletionService<R> done = new ExecutorCompletionService<>(pool, results);
    List<Future<R>> running = new ArrayList<>();
    for (T item : items) {
      running.add(done.submit(() -> work.apply(item)));
    }
    boolean complete = false;
    try {
      for (int i = 0; i < running.size(); i++) {
        Future<R> next =
            cancellation.await(Long.MAX_VALUE, n -> done.poll(n, TimeUnit.NANOSECONDS));
        if (next != null && next.state() == Future.State.FAILED) {
          throw failure(next.exceptionNow());
        }
      }
      complete = true;
    } finally {
      if (!complete) {
        pool.shutdownNow();
      }
    }
    return running.stream().map(Future::resultNow).toList();
  }

  /**
   * Begins work on one of the threads.
   *
   * @param work what to do
   * @param <R> the type of the result
   * @return the work, to be passed to {@link #await}
   */
  public <R> Future<R> begin(Supplier<R> work) {
    return pool.submit(work::get);
  }

  /**
   * Waits for work that was begun.
   *
   * @param work the work
   * @param <R> the type of the result
   * @return its result
   * @throws java.util.concurrent.CancellationException if the transfer is cancelled or the calling
   *     thread interrupted
   */
  public <R> R await(Future<R> work) {
    cancellation.await(Long.MAX_VALUE, nanos -> isDone(work, nanos) ? work : null);
    if (work.state() == Future.State.FAILED) {
      throw failure(work.exceptionNow());
    }
    return work.resultNow();
  }

  private static boolean isDone(Future<?> work, long nanos) throws InterruptedException {
    try {
      work.get(nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException _) {
      return true;
    } catch (TimeoutException _) {
      return false;
    }
  }

  /**
   * Does something with each item and waits until all are done.
   *
   * @param items the items, begun in this order
   * @param work what to do with an item, called from several threads
   * @param <T> the type of the items
   * @throws java.util.concurrent.CancellationException if the transfer is cancelled or the calling
   *     thread interrupted
   */
  public <T> void forEach(List<T> items, Consumer<T> work) {
    map(
        items,
        item -> {
          work.accept(item);
          return Boolean.TRUE;
        });
  }

  /**
   * Does a single piece of work on a thread of its own, so that a cancellation ends it even while
   * it waits for input or output.
   *
   * @param listener may cancel the work
   * @param work what to do; interrupted when it is cancelled
   * @param <R> the type of the result
   * @return the result
   * @throws java.util.concurrent.CancellationException if the listener cancels the work or the
   *     calling thread is interrupted
   */
  public static <R> R call(Transfer.Listener listener, Supplier<R> work) {
    try (Workers workers = new Workers(new Transfer(1, listener))) {
      return workers.map(List.of(work), Supplier::get).getFirst();
    }
  }

  /**
   * Returns how much work it is to move a blob, so that the largest can be begun first and the last
   * to finish is small.
   *
   * @param blob the blob
   * @return the number of bytes to move; of a layer that is compressed on the way, the number of
   *     bytes to compress; the largest number if neither is known without work
   */
  public static long work(Blob blob) {
    Blob read = blob instanceof CompressedBlob layer ? layer.uncompressed() : blob;
    Optional<Descriptor> known = PendingBlob.known(read);
    return known.isPresent() ? known.get().size() : Long.MAX_VALUE;
  }

  private static RuntimeException failure(Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
  }

  /** Interrupts work that is still going on and waits until all threads have ended. */
  @Override
  public void close() {
    pool.shutdownNow();
    pool.close();
  }
}
