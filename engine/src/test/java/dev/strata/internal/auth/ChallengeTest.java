package dev.strata.internal.auth;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.internal.http.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ChallengeTest {
  @Test
  void readsParametersInAnyOrderAndQuotedOrNot() {
    assertEquals(
        List.of(
            new Challenge(
                "bearer",
                Map.of(
                    "scope",
                    "repository:a:pull,push",
                    "realm",
                    "https://t/x?y=1",
                    "service",
                    "s"))),
        Challenge.parse(
            "Bearer scope=\"repository:a:pull,push\", service=s ,realm=\"https://t/x?y=1\""));
  }

  @Test
  void readsSeveralChallenges() {
    assertEquals(
        List.of(
            new Challenge("basic", Map.of("realm", "a \"b\"")),
            new Challenge("bearer", Map.of("realm", "r"))),
        Challenge.parse("Basic realm=\"a \\\"b\\\"\", Bearer realm=\"r\""));
  }

  @Test
  void copesWithNonsense() {
    assertEquals(List.of(), Challenge.parse(" , =\"\" "));
    assertEquals(List.of(new Challenge("negotiate", Map.of())), Challenge.parse("Negotiate"));
    assertEquals(
        List.of(new Challenge("basic", Map.of("realm", "open"))),
        Challenge.parse("Basic realm=\"open"));
  }

  @Test
  void waitsAsAskedInSecondsOrUntilADate() {
    Instant now = Instant.parse("2026-01-02T03:04:05Z");
    assertEquals(Duration.ofSeconds(7), Backoff.asked("7", now));
    assertEquals(Duration.ofSeconds(55), Backoff.asked("Fri, 2 Jan 2026 03:05:00 GMT", now));
    assertEquals(Duration.ZERO, Backoff.asked("Fri, 2 Jan 2026 03:00:00 GMT", now));
    assertEquals(Duration.ZERO, Backoff.asked("soon", now));
  }

  @Test
  void doublesItsWaitsUpToAHalfMinute() {
    Backoff backoff = new Backoff(Duration.ofMillis(100));
    for (int retry = 1; retry < 40; retry++) {
      long most = Math.min(30_000, 100L << Math.min(retry - 1, 20));
      long wait = backoff.before(retry).toMillis();
      assertEquals(true, wait >= most / 2 && wait <= most, retry + ": " + wait);
    }
    assertEquals(Duration.ofMinutes(5), backoff.before(1, "86400"));
  }
}
