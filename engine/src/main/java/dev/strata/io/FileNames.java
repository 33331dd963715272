package dev.strata.io;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Converts file names, which are bytes, to strings and back, without loss and in any locale.
 *
 * <p>Well-formed UTF-8 becomes the usual string. A byte {@code b} that is not part of well-formed
 * UTF-8 becomes the lone surrogate {@code U+DC00 + b}, the scheme known as <i>surrogateescape</i>
 * (PEP 383), so that {@link #encode} restores the very same bytes. Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class FileNames {
  private static final char ESCAPE_BASE = 0xDC00;
  private static final char REPLACEMENT = 0xFFFD;
  private static final String HEX = "0123456789ABCDEF";

  /** The working directory on Linux, whatever bytes its name consists of. */
  private static final String WORKING_DIRECTORY = "/proc/self/cwd/";

  private FileNames() {}

  /**
   * Decodes a file name.
   *
   * @param bytes the raw name
   * @return a string that {@link #encode} converts to the same bytes
   */
  public static String decode(byte[] bytes) {
    return decode(bytes, 0, bytes.length);
  }

  /**
   * Decodes part of an array as a file name.
   *
   * @param bytes an array that contains the raw name
   * @param offset where the name starts, in bytes
   * @param length its length, in bytes
   * @return a string that {@link #encode} converts to the same bytes
   */
  public static String decode(byte[] bytes, int offset, int length) {
    return decode(bytes, offset, length, true);
  }

  /**
   * Decodes UTF-8 text as Go's {@code range} over a string does: every byte that is not part of
   * well-formed UTF-8 becomes one U+FFFD.
   *
   * @param bytes the text
   * @return the decoded text, without lone surrogates
   */
  public static String decodeLossy(byte[] bytes) {
    return decode(bytes, 0, bytes.length, false);
  }

  private static String decode(byte[] bytes, int offset, int length, boolean escape) {
    int end = offset + length;
    int ascii = offset;
    while (ascii < end && bytes[ascii] >= 0) {
      ascii++;
    }
    if (ascii == end) {
      return new String(bytes, offset, length, StandardCharsets.ISO_8859_1);
    }
    StringBuilder out = new StringBuilder(length);
    int i = offset;
    while (i < end) {
      int width = sequenceLength(bytes, i, end);
      if (width == 0) {
        out.append(escape ? (char) (ESCAPE_BASE + (bytes[i] & 0xFF)) : REPLACEMENT);
        i++;
      } else {
        out.appendCodePoint(codePoint(bytes, i, width));
        i += width;
      }
    }
    return out.toString();
  }

  /**
   * Returns the length of the well-formed UTF-8 sequence at a position (Unicode 3.9, table 3-7).
   *
   * @param bytes the text
   * @param at the position of its first byte
   * @param end the end of the text, exclusive
   * @return 1 to 4 bytes, or 0 if no well-formed sequence starts there
   */
  public static int sequenceLength(byte[] bytes, int at, int end) {
    int lead = bytes[at] & 0xFF;
    if (lead < 0x80) {
      return 1;
    }
    int width = lead >= 0xC2 && lead < 0xE0 ? 2 : lead >= 0xE0 && lead < 0xF0 ? 3 : 4;
    if (lead < 0xC2 || lead > 0xF4 || at + width > end) {
      return 0;
    }
    for (int k = 1; k < width; k++) {
      if ((bytes[at + k] & 0xC0) != 0x80) {
        return 0;
      }
    }
    int second = bytes[at + 1] & 0xFF;
    boolean outOfRange =
        (lead == 0xE0 && second < 0xA0)
            || (lead == 0xED && second > 0x9F)
            || (lead == 0xF0 && second < 0x90)
            || (lead == 0xF4 && second > 0x8F);
    return outOfRange ? 0 : width;
  }

  private static int codePoint(byte[] b, int at, int width) {
    return switch (width) {
      case 1 -> b[at];
      case 2 -> (b[at] & 0x1F) << 6 | (b[at + 1] & 0x3F);
      case 3 -> (b[at] & 0x0F) << 12 | (b[at + 1] & 0x3F) << 6 | (b[at + 2] & 0x3F);
      default ->
          (b[at] & 0x07) << 18
              | (b[at + 1] & 0x3F) << 12
              | (b[at + 2] & 0x3F) << 6
              | (b[at + 3] & 0x3F);
    };
  }

  /**
   * Encodes a string to the bytes of the file name.
   *
   * @param name a string, with escaped bytes as {@link #decode} writes them
   * @return its bytes; a lone surrogate other than an escaped byte becomes U+FFFD
   */
  public static byte[] encode(String name) {
    int length = name.length();
    int first = 0;
    while (first < length && !Character.isSurrogate(name.charAt(first))) {
      first++;
    }
    if (first == length) {
      return name.getBytes(StandardCharsets.UTF_8);
    }
    byte[] out = new byte[length * 3];
    int n = 0;
    for (int i = 0; i < length; ) {
      int c = name.codePointAt(i);
      if (isEscapedByte(c)) {
        out[n++] = (byte) c;
      } else {
        int valid = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? REPLACEMENT : c;
        byte[] utf8 = Character.toString(valid).getBytes(StandardCharsets.UTF_8);
        System.arraycopy(utf8, 0, out, n, utf8.length);
        n += utf8.length;
      }
      i += Character.charCount(c);
    }
    return java.util.Arrays.copyOf(out, n);
  }

  /**
   * Returns whether a character is an escaped byte, one that is not part of well-formed UTF-8.
   *
   * @param c a character or code point
   * @return true for U+DC80 to U+DCFF
   */
  public static boolean isEscapedByte(int c) {
    return c >= ESCAPE_BASE + 0x80 && c <= ESCAPE_BASE + 0xFF;
  }

  /**
   * Creates a path from a file name, in any locale. Under {@code LC_ALL=C} the JVM encodes names as
   * ASCII, so a name with other bytes is converted through a {@code file:} URI, which keeps bytes.
   *
   * @param name a file name, with escaped bytes as {@link #decode} writes them
   * @return the path of exactly these bytes
   * @throws InvalidInputException if the name contains a NUL byte
   */
  public static Path path(String name) {
    return isAscii(name) ? asciiPath(name) : path(encode(name));
  }

  /**
   * Creates a path from the raw bytes of a file name, in any locale.
   *
   * @param name the raw name
   * @return the path of exactly these bytes
   * @throws InvalidInputException if the name contains a NUL byte
   */
  public static Path path(byte[] name) {
    boolean ascii = true;
    for (byte b : name) {
      ascii &= b >= 0;
    }
    if (ascii) {
      return asciiPath(new String(name, StandardCharsets.US_ASCII));
    }
    StringBuilder uri = new StringBuilder("file://");
    if (name[0] != '/') {
      uri.append(relativeBase());
    }
    for (byte b : name) {
      boolean plain = b > ' ' && b < 0x7F && (Character.isLetterOrDigit(b) || b == '/' || b == '-');
      if (b == 0) {
        throw containsNul(decode(name), null);
      }
      if (plain) {
        uri.append((char) b);
      } else {
        uri.append('%').append(HEX.charAt((b & 0xF0) >> 4)).append(HEX.charAt(b & 0x0F));
      }
    }
    return Path.of(URI.create(uri.toString()));
  }

  private static Path asciiPath(String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw containsNul(name, e);
    }
  }

  private static InvalidInputException containsNul(String name, @Nullable Throwable cause) {
    return new InvalidInputException(
        "the file name " + quote(name) + " contains a NUL byte; choose another name", cause);
  }

  private static String relativeBase() {
    if (HostPlatform.isLinux() && Files.exists(Path.of(WORKING_DIRECTORY))) {
      return WORKING_DIRECTORY;
    }
    String base = Path.of("").toAbsolutePath().toUri().getRawPath();
    return base.endsWith("/") ? base : base + "/";
  }

  /**
   * Returns the raw bytes of a path, in any locale.
   *
   * @param path a path of the default file system
   * @return its bytes, absolute if they are not ASCII and the path was relative
   */
  public static byte[] bytes(Path path) {
    String text = path.toString();
    if (isAscii(text)) {
      return text.getBytes(StandardCharsets.US_ASCII);
    }
    String raw = path.toUri().getRawPath();
    byte[] out = new byte[raw.length()];
    int n = 0;
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        out[n++] = (byte) Integer.parseInt(raw, i + 1, i + 3, 16);
        i += 2;
      } else {
        out[n++] = (byte) c;
      }
    }
    // toUri appends a slash to directories.
    if (n > 1 && out[n - 1] == '/') {
      n--;
    }
    return java.util.Arrays.copyOf(out, n);
  }

  /**
   * Quotes a file name for a message: on one line, whatever bytes it contains.
   *
   * @param name a file name, with escaped bytes as {@link #decode} writes them
   * @return the name in single quotes, with control characters and broken bytes as {@code \xNN},
   *     and with other characters that are not shown, or change how others are, as in JSON
   */
  public static String quote(String name) {
    StringBuilder out = new StringBuilder(name.length() + 2).append('\'');
    for (int i = 0; i < name.length(); ) {
      int c = name.codePointAt(i);
      i += Character.charCount(c);
      if (isEscapedByte(c) || c < 0x20 || c == 0x7F) {
        int b = c & 0xFF;
        out.append("\\x").append(HEX.charAt(b >> 4)).append(HEX.charAt(b & 15));
      } else if (isLoneSurrogate(c)) {
        out.append("\\u").append(String.format("%04x", c));
      } else if (PlainText.isHidden(c)) {
        PlainText.escape(c, out);
      } else {
        out.appendCodePoint(c);
      }
    }
    return out.append('\'').toString();
  }

  /**
   * Returns whether the first bytes of an array are all ASCII.
   *
   * @param bytes an array that contains the text at its start
   * @param length its length
   * @return true if they are
   */
  public static boolean isAscii(byte[] bytes, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Creates a string from ASCII bytes.
   *
   * @param bytes an array that contains the text at its start
   * @param length its length
   * @return the text
   */
  public static String ascii(byte[] bytes, int length) {
    return new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
  }

  private static boolean isLoneSurrogate(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }

  private static boolean isAscii(String s) {
    for (int i = 0; i < s.length(); i++) {
      if (s.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }
}
