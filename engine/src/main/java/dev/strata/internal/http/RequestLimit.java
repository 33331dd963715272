package dev.strata.internal.http;

import dev.strata.transport.Cancellation;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Limits how many requests are in flight at a server that is overloaded. There is no limit at
 * first; a failure halves the number of requests in flight, and each full round of successes adds
 * one, until as many are in flight again as there ever were. Thread-safe.
 */
public final class RequestLimit {
  private static final int NONE = Integer.MAX_VALUE;

  private int limit = NONE;
  private int inFlight;
  private int most;
  private int successes;
  // The number of times that the limit was lowered.
  private int lowered;

  /** How a request ended. */
  public enum Result {
    /** The server answered as usual. */
    SUCCESS,
    /** The server is overloaded, or did not answer. */
    OVERLOAD,
    /** The request was given up for another reason. */
    OTHER
  }

  /**
   * Waits until a request may be sent.
   *
   * @return a number to pass to {@link #end}
   * @throws java.util.concurrent.CancellationException if the transfer is cancelled
   */
  public int begin(Cancellation cancellation) {
    Integer begun = tryBegin();
    if (begun == null) {
      begun = cancellation.await(Long.MAX_VALUE, this::tryBegin);
    }
    return begun == null ? 0 : begun;
  }

  /** Begins a request if that is possible within a time; otherwise returns null. */
  synchronized @Nullable Integer tryBegin(long nanos) throws InterruptedException {
    long end = System.nanoTime() + nanos;
    while (inFlight >= limit) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return null;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return tryBegin();
  }

  private synchronized @Nullable Integer tryBegin() {
    if (inFlight >= limit) {
      return null;
    }
    inFlight++;
    most = Math.max(most, inFlight);
    return lowered;
  }

  /**
   * Notes the end of a request.
   *
   * @param begun what {@link #begin} returned
   */
  public synchronized void end(int begun, Result result) {
    // Requests that were in flight together fail together: that counts once.
    if (result == Result.OVERLOAD && begun == lowered) {
      limit = Math.max(1, inFlight / 2);
      lowered++;
      successes = 0;
    } else if (result == Result.SUCCESS && limit != NONE && ++successes >= limit) {
      successes = 0;
      limit = limit + 1 < most ? limit + 1 : NONE;
    }
    inFlight--;
    notifyAll();
  }

  /** Returns the limit; the largest integer if there is none. */
  synchronized int limit() {
    return limit;
  }
}
