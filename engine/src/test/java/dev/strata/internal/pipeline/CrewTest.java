package dev.strata.internal.pipeline;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.blob.Progress;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class CrewTest {
  private static final long SAMPLE = Duration.ofMillis(150).toNanos();

  @Test
  void aWorkerWithNothingToDoLooksForWorkLessAndLessOften() throws IOException {
    long[] looks = {0};

    new Crew(1, Progress.NONE)
        .run(
            worker -> {
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
        .run(
            worker -> {
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
}
