package dev.strata.cli.terminal;

import java.util.Locale;

/** Formats sizes, counts and durations for people. */
public final class Sizes {
  private static final String[] UNITS = {"B", "kB", "MB", "GB", "TB"};
  private static final int SHORT_DIGEST = 12;

  private Sizes() {}

  /** A number of bytes in decimal units, such as {@code 5.05 GB}. */
  public static String bytes(long bytes) {
    double value = bytes;
    int unit = 0;
    while (value >= 999.5 && unit < UNITS.length - 1) {
      value /= 1000;
      unit++;
    }
    if (unit == 0) {
      return bytes + " B";
    }
    String form = value >= 99.95 ? "%.0f %s" : value >= 9.995 ? "%.1f %s" : "%.2f %s";
    return String.format(Locale.ROOT, form, value, UNITS[unit]);
  }

  /** A count with separated thousands, such as {@code 127,000}. */
  public static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  /** A count with a noun, such as {@code 1 layer} or {@code 40 layers}. */
  public static String count(long count, String singular) {
    String plural = singular.endsWith("y") ? singular.replaceAll("y$", "ies") : singular + "s";
    return count(count) + " " + (count == 1 ? singular : plural);
  }

  /** A duration in seconds, such as {@code 0.35 s}. */
  public static String seconds(long nanos) {
    double seconds = nanos / 1e9;
    return String.format(Locale.ROOT, seconds < 9.995 ? "%.2f s" : "%.1f s", seconds);
  }

  /** Bytes per second, such as {@code 1.85 GB/s}. */
  public static String rate(long bytes, long nanos) {
    return bytes(bytesPerSecond(bytes, nanos)) + "/s";
  }

  /** Bytes per second, always in GB/s. */
  public static String gigabytesPerSecond(long bytes, long nanos) {
    return String.format(Locale.ROOT, "%.2f GB/s", bytesPerSecond(bytes, nanos) / 1e9);
  }

  public static long bytesPerSecond(long bytes, long nanos) {
    return nanos <= 0 ? 0 : (long) (bytes * 1e9 / nanos);
  }

  /** The start of a digest without its algorithm, as container tools show it. */
  public static String shortDigest(String digest) {
    String hex = digest.substring(digest.indexOf(':') + 1);
    return hex.substring(0, Math.min(SHORT_DIGEST, hex.length()));
  }
}
