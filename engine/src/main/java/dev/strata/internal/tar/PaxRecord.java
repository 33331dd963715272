package dev.strata.internal.tar;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A record of a PAX extended header (POSIX.1-2001, {@code pax}). Stateless and thread-safe. */
public final class PaxRecord {
  private PaxRecord() {}

  /** Returns the length of a record, for a value of some bytes. */
  static int length(String key, int valueLength) {
    int rest = key.length() + valueLength + 3;
    int length = rest + Integer.toString(rest).length();
    if (rest + Integer.toString(length).length() != length) {
      length = rest + Integer.toString(length).length();
    }
    return length;
  }

  /**
   * Appends a record. It starts with its own length in decimal, which includes these digits.
   *
   * @param key the key, in ASCII
   * @param value the value
   * @param out receives the record
   */
  public static void write(String key, byte[] value, ByteArrayOutputStream out) {
    out.writeBytes(
        (length(key, value.length) + " " + key + "=").getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(value);
    out.write('\n');
  }
}
