package dev.strata.internal.http;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.concurrent.ThreadLocalRandom;

/** The waits between the attempts of a request. Immutable and thread-safe. */
public final class Backoff {
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration LONGEST_ASKED = Duration.ofMinutes(5);

  private final Duration first;

  public Backoff(Duration first) {
    this.first = first;
  }

  /**
   * Returns the wait before a retry. Its maximum doubles with each retry; the wait is random
   * between half of that and all of it, so that many clients that failed together do not retry
   * together.
   */
  public Duration before(int retry) {
    long most = Math.min(first.toMillis() << Math.min(retry - 1, 20), LONGEST.toMillis());
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
  }

  /**
   * Returns the wait that a server demands by {@code Retry-After} (RFC 9110, 10.2.3), but not less
   * than without it.
   */
  public Duration before(int retry, String retryAfter) {
    Duration usual = before(retry);
    Duration asked = asked(retryAfter.strip(), Instant.now());
    Duration longer = asked.compareTo(usual) > 0 ? asked : usual;
    return longer.compareTo(LONGEST_ASKED) < 0 ? longer : LONGEST_ASKED;
  }

  static Duration asked(String retryAfter, Instant now) {
    if (retryAfter.matches("\\d{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(retryAfter));
    }
    try {
      Instant then =
          ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return then.isAfter(now) ? Duration.between(now, then) : Duration.ZERO;
    } catch (DateTimeParseException _) {
      return Duration.ZERO;
    }
  }
}
