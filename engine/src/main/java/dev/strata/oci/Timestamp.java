package dev.strata.oci;

import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A point in time in RFC 3339 with its original offset, as Go's {@code time.Time} writes it: at
 * most nine fractional digits, no trailing zeros, and {@code Z} for no offset. Immutable and
 * thread-safe.
 *
 * @param text the normalized form
 * @since 0.1.0
 */
public record Timestamp(String text) {
  /** Go's zero time, which means "not set". */
  public static final Timestamp ZERO = new Timestamp("0001-01-01T00:00:00Z");

  private static final Pattern FORM =
      Pattern.compile(
          "(\\d{4}-\\d\\d-\\d\\d)T(\\d{1,2}):(\\d\\d:\\d\\d)(?:[.,](\\d+))?(Z|[+-]\\d\\d:\\d\\d)");

  /**
   * Parses a timestamp as Go's {@code time.Parse} does: an hour may have one digit, and a comma may
   * precede the fraction.
   *
   * @param text a timestamp in RFC 3339
   * @return the timestamp
   * @throws InvalidInputException if the text is not a timestamp
   */
  public static Timestamp parse(String text) {
    Matcher m = FORM.matcher(text);
    if (!m.matches()) {
      throw failure(text);
    }
    String hour = m.group(2).length() == 1 ? "0" + m.group(2) : m.group(2);
    String local = m.group(1) + "T" + hour + ":" + m.group(3);
    String offset = m.group(5);
    try {
      LocalDateTime.parse(local);
    } catch (DateTimeException e) {
      throw failure(text);
    }
    if (!offset.equals("Z")) {
      offset = normalOffset(offset);
    }
    if (offset.isEmpty()) {
      throw failure(text);
    }
    String fraction = m.group(4) == null ? "" : m.group(4);
    fraction = fraction.substring(0, Math.min(9, fraction.length())).replaceAll("0+$", "");
    return new Timestamp(local + (fraction.isEmpty() ? "" : "." + fraction) + offset);
  }

  /**
   * Returns the offset as Go writes it: 60 minutes count as an hour. Empty if it is a day or more.
   */
  private static String normalOffset(String offset) {
    int minutes = Integer.parseInt(offset, 4, 6, 10);
    int total = 60 * Integer.parseInt(offset, 1, 3, 10) + minutes;
    if (minutes > 60 || total >= 24 * 60) {
      return "";
    }
    return total == 0 ? "Z" : "%c%02d:%02d".formatted(offset.charAt(0), total / 60, total % 60);
  }

  private static InvalidInputException failure(String text) {
    return new InvalidInputException(
        "invalid timestamp "
            + FileNames.quote(text)
            + "; use RFC 3339, such as 2024-05-13T09:31:10Z");
  }

  @Override
  public String toString() {
    return text;
  }
}
