package dev.strata.cli.command;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses durations in Go's notation, such as {@code 500ms}, {@code 1.5h} or {@code 1m30s}. */
public final class GoDuration {
  private static final Pattern FORM =
      Pattern.compile("[+-]?(?:(?:\\d{1,12}(?:\\.\\d{0,9})?|\\.\\d{1,9})(?:ns|us|µs|ms|s|m|h))+");
  private static final Pattern PART = Pattern.compile("([\\d.]+)(ns|us|µs|ms|s|m|h)");

  private GoDuration() {}

  public static Duration read(String text) {
    if (text.equals("0")) {
      return Duration.ZERO;
    }
    if (!FORM.matcher(text).matches()) {
      throw new UsageException(
          "invalid duration '" + text + "'; use a number with a unit, such as 500ms, 30s or 5m");
    }
    BigDecimal nanos = BigDecimal.ZERO;
    Matcher part = PART.matcher(text);
    while (part.find()) {
      nanos = nanos.add(new BigDecimal(part.group(1)).multiply(unit(part.group(2))));
    }
    long limited = nanos.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
    return Duration.ofNanos(text.startsWith("-") ? -limited : limited);
  }

  private static BigDecimal unit(String name) {
    return BigDecimal.valueOf(
        switch (name) {
          case "ns" -> 1L;
          case "ms" -> 1_000_000L;
          case "s" -> 1_000_000_000L;
          case "m" -> 60_000_000_000L;
          case "h" -> 3_600_000_000_000L;
          default -> 1_000L;
        });
  }
}
