package dev.strata.serve;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of a blob that a Range header requests (RFC 9110, 14.1.2). Immutable and thread-safe.
 *
 * @param first the offset of the first byte
 * @param end the offset after the last byte; at most {@code first} if the range is not satisfiable
 */
record ByteRange(long first, long end) {
  private static final Pattern FORM = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  /** Parses the header; returns null if it is missing, or of a form that may be ignored. */
  static @Nullable ByteRange parse(@Nullable String header, long size) {
    Matcher m = FORM.matcher(header == null ? "" : header.strip());
    if (!m.matches() || m.group(1).isEmpty() && m.group(2).isEmpty()) {
      return null;
    }
    if (m.group(1).isEmpty()) {
      long last = Long.parseLong(m.group(2));
      return new ByteRange(last == 0 ? size : Math.max(0, size - last), size);
    }
    long first = Long.parseLong(m.group(1));
    long end = m.group(2).isEmpty() ? size : Math.min(size, Long.parseLong(m.group(2)) + 1);
    boolean backwards = !m.group(2).isEmpty() && Long.parseLong(m.group(2)) < first;
    return backwards ? null : new ByteRange(first, end);
  }

  boolean isEmpty() {
    return first >= end;
  }

  long length() {
    return end - first;
  }
}
