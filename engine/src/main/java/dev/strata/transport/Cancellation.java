package dev.strata.transport;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/**
 * Waiting that ends when a transfer is cancelled: within 25 ms of {@link
 * Transfer.Listener#cancelled()}, and at once when the waiting thread is interrupted, whose
 * interrupt status stays set. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class Cancellation {
  private static final long INTERVAL_NANOS = 25_000_000;

  private final Transfer.Listener listener;

  private Cancellation(Transfer.Listener listener) {
    this.listener = listener;
  }

  /**
   * Observes a listener.
   *
   * @param listener asked whether the transfer is cancelled
   * @return the cancellation
   */
  public static Cancellation of(Transfer.Listener listener) {
    return new Cancellation(listener);
  }

  /**
   * Something to wait for.
   *
   * @param <T> the type of the result
   */
  public interface Wait<T> {
    /**
     * Waits for a short time.
     *
     * @param nanos how long, in nanoseconds
     * @return the result, or null if it has not come in that time
     * @throws InterruptedException if the thread is interrupted
     */
    @Nullable T atMost(long nanos) throws InterruptedException;
  }

  /**
   * Returns whether to stop.
   *
   * @return true if the listener reports a cancellation or the calling thread is interrupted
   */
  public boolean isRequested() {
    return Thread.currentThread().isInterrupted() || listener.cancelled();
  }

  /**
   * Checks whether to stop.
   *
   * @throws CancellationException if so
   */
  public void check() {
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted();
    }
    if (listener.cancelled()) {
      throw new CancellationException("the transfer was cancelled");
    }
  }

  /**
   * Waits for a result.
   *
   * @param nanos how long to wait at most, in nanoseconds
   * @param wait what to wait for; called repeatedly
   * @param <T> the type of the result
   * @return the result, or null if it has not come in time
   * @throws CancellationException if the transfer is cancelled or the thread interrupted
   */
  public <T> @Nullable T await(long nanos, Wait<T> wait) {
    long begun = System.nanoTime();
    while (true) {
      check();
      long left = nanos - (System.nanoTime() - begun);
      if (left <= 0) {
        return null;
      }
      try {
        T result = wait.atMost(Math.min(left, INTERVAL_NANOS));
        if (result != null) {
          return result;
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw interrupted();
      }
    }
  }

  /**
   * Sleeps.
   *
   * @param time how long
   * @throws CancellationException if the transfer is cancelled or the thread interrupted
   */
  public void sleep(Duration time) {
    await(
        time.toNanos(),
        nanos -> {
          TimeUnit.NANOSECONDS.sleep(nanos);
          return null;
        });
  }

  /**
   * Acquires a lock.
   *
   * @param lock the lock
   * @throws CancellationException if the transfer is cancelled or the thread interrupted; the lock
   *     is not held then
   */
  public void lock(Lock lock) {
    if (!lock.tryLock()) {
      await(Long.MAX_VALUE, nanos -> lock.tryLock(nanos, TimeUnit.NANOSECONDS) ? lock : null);
    }
  }

  private static CancellationException interrupted() {
    return new CancellationException("the thread was interrupted");
  }
}
