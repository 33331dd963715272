package dev.strata.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** Work on a thread that is stopped while it is under way. */
final class Cancelled {
  /** How soon the work has to end. */
  private static final long MOST_MILLIS = 200;

  /** Attempts on a busy machine. */
  private static final int ATTEMPTS = 10;

  private Cancelled() {}

  /** Work that reports when it is under way. */
  interface Work {
    /** Works until it is stopped. */
    void run(Runnable underWay) throws Exception;
  }

  /** Interrupts the calling thread of work; checks that it ends soon, and how. */
  static void assertInterruptible(Work work) throws InterruptedException {
    assertStops(work, Thread::interrupt, true);
  }

  /** Cancels work by other means; checks that it ends soon, and how. */
  static void assertCancellable(Work work, Runnable cancel) throws InterruptedException {
    assertStops(work, _ -> cancel.run(), false);
  }

  private static void assertStops(
      Work work, java.util.function.Consumer<Thread> stop, boolean interrupted)
      throws InterruptedException {
    long best = Long.MAX_VALUE;
    for (int i = 0; i < ATTEMPTS && best > MOST_MILLIS; i++) {
      best = Math.min(best, millisToStop(work, stop, interrupted));
    }
    assertTrue(best <= MOST_MILLIS, "ends after " + best + " ms");
  }

  private static long millisToStop(
      Work work, java.util.function.Consumer<Thread> stop, boolean interrupted)
      throws InterruptedException {
    CountDownLatch underWay = new CountDownLatch(1);
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    AtomicReference<Boolean> flag = new AtomicReference<>();
    Callable<Void> task =
        () -> {
          work.run(underWay::countDown);
          return null;
        };
    Thread caller =
        Thread.ofPlatform()
            .start(() -> {
              try {
                task.call();
              } catch (Throwable e) {
                thrown.set(e);
              }
              flag.set(Thread.currentThread().isInterrupted());
              underWay.countDown();
            });
    underWay.await();
    long start = System.nanoTime();
    stop.accept(caller);
    caller.join();
    long millis = (System.nanoTime() - start) / 1_000_000;
    assertInstanceOf(CancellationException.class, thrown.get(), () -> "thrown: " + thrown.get());
    assertEquals(interrupted, flag.get(), "interrupt status of the caller");
    assertEquals(List.of(), workers(), "threads left");
    return millis;
  }

  /** The threads of the engine that are running; those that end at this moment are awaited. */
  private static List<String> workers() throws InterruptedException {
    for (Thread t : Thread.getAllStackTraces().keySet()) {
      if (t.getName().startsWith("strata-compress")) {
        t.join(MOST_MILLIS);
      }
    }
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(Thread::getName)
        .filter(name -> name.startsWith("strata-worker") || name.startsWith("strata-compress"))
        .toList();
  }
}
