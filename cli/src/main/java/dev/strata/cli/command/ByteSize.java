package dev.strata.cli.command;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses a number of bytes with an optional unit, such as {@code 1MiB}. */
public final class ByteSize {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([a-z]*)");
  private static final Map<String, Long> UNITS =
      Map.of(
          "", 1L,
          "b", 1L,
          "kb", 1_000L,
          "mb", 1_000_000L,
          "gb", 1_000_000_000L,
          "kib", 1L << 10,
          "mib", 1L << 20,
          "gib", 1L << 30);

  private ByteSize() {}

  public static Long read(String text) {
    Matcher form = FORM.matcher(text.toLowerCase(Locale.ROOT));
    Long unit = form.matches() ? UNITS.get(form.group(2)) : null;
    if (unit == null) {
      throw new UsageException("must be a size such as 500kB or 1MiB, got '" + text + "'");
    }
    return Long.parseLong(form.group(1)) * unit;
  }
}
