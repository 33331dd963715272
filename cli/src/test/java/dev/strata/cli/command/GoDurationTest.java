package dev.strata.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class GoDurationTest {
  @Test
  void readsWhatGoReads() {
    assertEquals(Duration.ZERO, GoDuration.read("0"));
    assertEquals(Duration.ofMillis(500), GoDuration.read("500ms"));
    assertEquals(Duration.ofMinutes(90), GoDuration.read("1.5h"));
    assertEquals(Duration.ofSeconds(90), GoDuration.read("1m30s"));
    assertEquals(Duration.ofNanos(1_500), GoDuration.read("1.5us"));
    assertEquals(Duration.ofNanos(2_000), GoDuration.read("2µs"));
    assertEquals(Duration.ofMillis(-250), GoDuration.read("-.25s"));
    assertEquals(Duration.ofNanos(Long.MAX_VALUE), GoDuration.read("999999999999h"));
  }

  @Test
  void refusesWhatGoRefuses() {
    for (String text : List.of("", "5", "s", "1 s", "1d", "1s1", "--1s", ".s")) {
      assertThrows(UsageException.class, () -> GoDuration.read(text), text);
    }
  }
}
