package dev.strata.serve;

import java.util.ArrayList;
import java.util.List;
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
  private static final String UNIT = "bytes=";
  private static final String[] NONE = {};
  private static final Pattern FORM = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  /** More ranges than this, or a longer header, are ignored; Podman asks for up to 1024. */
  private static final int MAX_RANGES = 2048;

  /**
   * Parses a header with one or several ranges. Several must be in order and satisfiable, as those
   * of clients that fetch parts of a layer are; others may be ignored, and are.
   *
   * @return the ranges; empty if the header is missing or ignored
   */
  static List<ByteRange> parseAll(@Nullable String header, long size) {
    String all = header == null ? "" : header.strip();
    if (all.indexOf(',') < 0) {
      ByteRange one = parse(all, size);
      return one == null ? List.of() : List.of(one);
    }
    String[] parts = all.startsWith(UNIT) ? all.substring(UNIT.length()).split(",", -1) : NONE;
    if (parts.length > MAX_RANGES) {
      return List.of();
    }
    List<ByteRange> ranges = new ArrayList<>();
    long before = 0;
    for (String part : parts) {
      ByteRange range = parse(UNIT + part.strip(), size);
      if (range == null || range.isEmpty() || range.first() < before) {
        return List.of();
      }
      before = range.end();
      ranges.add(range);
    }
    return ranges;
  }

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
