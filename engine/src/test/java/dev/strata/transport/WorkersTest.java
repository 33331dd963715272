package dev.strata.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.io.StrataException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class WorkersTest {
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);
  private final AtomicInteger interrupted = new AtomicInteger();

  private void waitForever() {
    begun.countDown();
    try {
      never.await();
    } catch (InterruptedException _) {
      interrupted.incrementAndGet();
      throw new CancellationException("interrupted");
    }
  }

  private void awaitBegun() {
    try {
      begun.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void returnsResultsInTheOrderOfTheItems() {
    List<Integer> items = IntStream.range(0, 100).boxed().toList();
    try (Workers workers = new Workers(Transfer.quiet(3))) {
      assertEquals(items.stream().map(i -> i * 2).toList(), workers.map(items, i -> i * 2));
      assertEquals(List.of(), workers.map(List.of(), i -> i));
    }
  }

  @Test
  void firstFailureEndsWorkThatWasBegunEarlier() {
    StrataException failure = new StrataException("broken");
    try (Workers workers = new Workers(Transfer.quiet(2))) {
      StrataException thrown =
          assertThrows(
              StrataException.class,
              () ->
                  workers.forEach(
                      List.of(1, 2, 3),
                      item -> {
                        if (item == 1) {
                          waitForever();
                        }
                        awaitBegun();
                        throw failure;
                      }));
      assertSame(failure, thrown);
    }
    assertEquals(1, interrupted.get());
  }

  @Test
  void errorsComeOutAsTheyAre() {
    AssertionError failure = new AssertionError("broken");
    try (Workers workers = new Workers(Transfer.quiet(2))) {
      assertSame(
          failure,
          assertThrows(
              AssertionError.class,
              () ->
                  workers.forEach(
                      List.of(1),
                      _ -> {
                        throw failure;
                      })));
    }
  }

  @Test
  void cancellationEndsWorkWithinAFractionOfASecond() {
    AtomicBoolean cancelled = new AtomicBoolean();
    Transfer.Listener listener =
        new Transfer.Listener() {
          @Override
          public boolean cancelled() {
            return cancelled.get();
          }
        };
    Thread.startVirtualThread(() -> {
      awaitBegun();
      cancelled.set(true);
    });
    long begunAt = System.nanoTime();
    try (Workers workers = new Workers(new Transfer(2, listener))) {
      assertThrows(
          CancellationException.class, () -> workers.forEach(List.of(1), _ -> waitForever()));
    }
    assertTrue(System.nanoTime() - begunAt < 5_000_000_000L);
    assertEquals(1, interrupted.get());
  }

  @Test
  void interruptEndsWorkAndStaysSet() {
    Thread caller = Thread.currentThread();
    Thread.startVirtualThread(() -> {
      awaitBegun();
      caller.interrupt();
    });
    try (Workers workers = new Workers(Transfer.quiet(1))) {
      assertThrows(
          CancellationException.class, () -> workers.forEach(List.of(1), _ -> waitForever()));
    }
    assertTrue(Thread.interrupted());
    assertEquals(1, interrupted.get());
  }
}
