package dev.strata.internal.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Progress;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class CrewTest {
  private static final long SAMPLE = Duration.ofMillis(150).toNanos();

  @Test
  void aWorkerWithNothingToDoLooksForWorkLessAndLessOften() throws IOException {
    long[] looks = {0};

    new Crew(1, Progress.NONE)
        .run(worker -> {
          long end = System.nanoTime() + SAMPLE;
          while (System.nanoTime() < end) {
            worker.rest();
            looks[0]++;
          }
        });

    // 200 at once, some while pauses become longer, and one every two milliseconds.
    assertTrue(looks[0] < 500, () -> looks[0] + " times");
  }

  @Test
  void workMakesPausesShortAgain() throws IOException {
    long[] looks = {0};

    new Crew(1, Progress.NONE)
        .run(worker -> {
          for (int i = 0; i < 220; i++) {
            worker.rest();
          }
          worker.busy();
          long start = System.nanoTime();
          while (System.nanoTime() < start + SAMPLE && looks[0] < 150) {
            worker.rest();
            looks[0]++;
          }
        });

    // The first 200 pauses do not even leave the processor.
    assertTrue(looks[0] == 150, () -> looks[0] + " times");
  }

  private static Crew crewOnStorage(boolean slow) {
    return new Crew(2, 5, slow, Progress.NONE);
  }

  @Test
  void readersJoinOnceWhenAWorkerWaitsForStorage() throws IOException {
    Set<String> workers = ConcurrentHashMap.newKeySet();
    Set<String> readers = ConcurrentHashMap.newKeySet();
    CountDownLatch joined = new CountDownLatch(3);

    crewOnStorage(true)
        .run(worker -> {
          worker.busy();
          worker.busy();
          if (worker.isReader()) {
            readers.add(Thread.currentThread().getName());
            joined.countDown();
          } else {
            workers.add(Thread.currentThread().getName());
            await(joined);
          }
        });

    assertEquals(2, workers.size());
    assertEquals(Set.of("strata-reader-2", "strata-reader-3", "strata-reader-4"), readers);
  }

  @Test
  void noReaderJoinsOnFastStorage() throws IOException {
    AtomicInteger runs = new AtomicInteger();

    crewOnStorage(false)
        .run(worker -> {
          worker.busy();
          runs.incrementAndGet();
        });

    assertEquals(2, runs.get());
  }

  @Test
  void aFailureOfAReaderEndsTheWork() {
    CountDownLatch never = new CountDownLatch(1);

    IOException failure =
        assertThrows(
            IOException.class,
            () ->
                crewOnStorage(true)
                    .run(worker -> {
                      worker.busy();
                      if (worker.isReader()) {
                        throw new IOException("reader");
                      }
                      while (never.getCount() > 0) {
                        worker.pause();
                      }
                    }));

    assertEquals("reader", failure.getMessage());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(30, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
