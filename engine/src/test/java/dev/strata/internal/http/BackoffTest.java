package dev.strata.internal.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class BackoffTest {
  @Test
  void parsesRetryAfterInSecondsAndAsDate() {
    Instant now = Instant.parse("2026-01-02T03:04:05Z");
    assertEquals(Duration.ofSeconds(7), Backoff.asked("7", now));
    assertEquals(Duration.ofSeconds(55), Backoff.asked("Fri, 2 Jan 2026 03:05:00 GMT", now));
    assertEquals(Duration.ZERO, Backoff.asked("Fri, 2 Jan 2026 03:00:00 GMT", now));
    assertEquals(Duration.ZERO, Backoff.asked("soon", now));
  }

  @Test
  void doublesWaitsUpToHalfAMinute() {
    Backoff backoff = new Backoff(Duration.ofMillis(100));
    for (int retry = 1; retry < 40; retry++) {
      long most = Math.min(30_000, 100L << Math.min(retry - 1, 20));
      long wait = backoff.before(retry).toMillis();
      assertEquals(true, wait >= most / 2 && wait <= most, retry + ": " + wait);
    }
    assertEquals(Duration.ofMinutes(5), backoff.before(1, "86400"));
  }
}
