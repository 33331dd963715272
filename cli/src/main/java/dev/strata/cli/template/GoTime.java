package dev.strata.cli.template;

import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A point in time, printed as Go does. Immutable.
 *
 * @param time the time with the offset of its time zone
 */
public record GoTime(OffsetDateTime time) {
  /**
   * The elements of Go's layouts and the same for Java; a longer element comes before its start.
   */
  private static final List<List<String>> ELEMENTS =
      List.of(
          List.of("January", "MMMM"),
          List.of("Jan", "MMM"),
          List.of("Monday", "EEEE"),
          List.of("Mon", "EEE"),
          List.of("MST", "'@'"),
          List.of("2006", "uuuu"),
          List.of("-07:00", "xxx"),
          List.of("-0700", "xx"),
          List.of("Z07:00", "XXX"),
          List.of("Z0700", "XX"),
          List.of("01", "MM"),
          List.of("02", "dd"),
          List.of("03", "hh"),
          List.of("04", "mm"),
          List.of("05", "ss"),
          List.of("06", "uu"),
          List.of("15", "HH"),
          List.of("PM", "a"),
          List.of("1", "M"),
          List.of("2", "d"),
          List.of("3", "h"),
          List.of("4", "m"),
          List.of("5", "s"));

  /** Parses a timestamp of RFC 3339; null if it is none. */
  public static @Nullable GoTime parse(String text) {
    try {
      return new GoTime(OffsetDateTime.parse(text.toUpperCase(Locale.ROOT)));
    } catch (DateTimeParseException _) {
      return null;
    }
  }

  /** The time in RFC 3339, as in JSON. */
  String rfc3339() {
    return format("uuuu-MM-dd'T'HH:mm:ss") + fraction() + format("XXX");
  }

  /** The time as Go prints it. */
  @Override
  public String toString() {
    return format("uuuu-MM-dd HH:mm:ss") + fraction() + format(" xx ") + zone();
  }

  private String zone() {
    return time.getOffset().equals(ZoneOffset.UTC) ? "UTC" : format("xx");
  }

  /** The fraction of the second with its dot, without zeros at the end; empty if there is none. */
  private String fraction() {
    return time.getNano() == 0
        ? ""
        : "." + String.format(Locale.ROOT, "%09d", time.getNano()).replaceFirst("0+$", "");
  }

  private String format(String pattern) {
    return time.format(DateTimeFormatter.ofPattern(pattern, Locale.ROOT));
  }

  /** Formats the time by a layout of Go, such as {@code 2006-01-02}. */
  String formatted(String layout) {
    StringBuilder pattern = new StringBuilder();
    for (int i = 0; i < layout.length(); ) {
      List<String> element = elementAt(layout, i);
      if (element.isEmpty()) {
        char c = layout.charAt(i++);
        pattern.append(c == '\'' ? "''" : "'" + c + "'");
      } else {
        pattern.append(element.get(1).equals("'@'") ? "'" + zone() + "'" : element.get(1));
        i += element.get(0).length();
      }
    }
    try {
      return format(pattern.toString());
    } catch (DateTimeException | IllegalArgumentException _) {
      throw TemplateError.applying("unsupported layout of a time '" + layout + "'");
    }
  }

  private static List<String> elementAt(String layout, int at) {
    for (List<String> element : ELEMENTS) {
      if (layout.startsWith(element.get(0), at)) {
        return element;
      }
    }
    return List.of();
  }
}
