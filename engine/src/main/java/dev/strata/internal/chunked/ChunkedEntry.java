package dev.strata.internal.chunked;

import dev.strata.internal.tar.TarMember;
import dev.strata.internal.tar.TarParser;
import dev.strata.io.FileNames;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The metadata of an entry as the table of contents has it. Immutable and thread-safe.
 *
 * @param type the word for its type
 * @param name its name
 * @param link the target of a link
 * @param mode its mode, with all the bits that the header has
 * @param size its size in bytes
 * @param uid the number of the owner
 * @param gid the number of the group
 * @param modified when it was changed (RFC 3339)
 * @param accessed when it was read; null if that is not recorded
 * @param changed when its metadata were changed; null if that is not recorded
 * @param major the major number of a device
 * @param minor the minor number of a device
 * @param attributes the extended attributes by name
 */
public record ChunkedEntry(
    String type,
    String name,
    String link,
    long mode,
    long size,
    long uid,
    long gid,
    String modified,
    @Nullable String accessed,
    @Nullable String changed,
    long major,
    long minor,
    Map<String, byte[]> attributes) {
  private static final int TYPE_AT = 156;
  private static final int MODE_AT = 100;
  private static final int SIZE_AT = 124;
  private static final int LINK_AT = 157;
  private static final int MAGIC_AT = 257;
  private static final int MAJOR_AT = 329;
  private static final int MINOR_AT = 337;
  private static final int TIMES_AT = 345;
  private static final int TIMES_END = 369;
  private static final int STAR_AT = 508;
  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss").withZone(ZoneOffset.UTC);

  /**
   * Describes the entry that a parser has come to.
   *
   * @return the metadata; null if a reader of the table and a reader of the tar stream could differ
   *     on them: they are not text, or headers are of forms that few programs write
   */
  public static @Nullable ChunkedEntry of(TarParser parser, TarMember member) {
    byte[] header = parser.header();
    Map<String, byte[]> records = parser.records();
    String type = type(header[TYPE_AT], member);
    String name = text(member.name());
    String link = text(member.link());
    long mode = octal(header, MODE_AT, 8);
    long size = octal(header, SIZE_AT, 12);
    boolean ustar = header[MAGIC_AT] == 'u';
    long major = ustar ? octal(header, MAJOR_AT, 8) : 0;
    long minor = ustar ? octal(header, MINOR_AT, 8) : 0;
    boolean device = member.type() == '3' || member.type() == '4';
    String modified = time(records.get("mtime"), member.mtime());
    if (type == null || name == null || name.isEmpty() || link == null || modified == null) {
      return null;
    }
    boolean doubtful =
        parser.isUnusual()
            || mode < 0
            || major < 0
            || minor < 0
            || device && !ustar
            || member.stored() != member.size()
            || member.type() != '0' && (size != 0 || records.containsKey("size"))
            || member.link().length == 0 && header[LINK_AT] != 0
            || isStar(header)
            || hasGnuTimes(header);
    if (doubtful) {
      return null;
    }
    Map<String, byte[]> attributes = member.attributes();
    for (String key : attributes.keySet()) {
      if (!isText(key)) {
        return null;
      }
    }
    for (String key : records.keySet()) {
      if (key.startsWith("GNU.sparse.")) {
        return null;
      }
    }
    String accessed = time(records.get("atime"), 0);
    String changed = time(records.get("ctime"), 0);
    if (accessed == null || changed == null) {
      return null;
    }
    return new ChunkedEntry(
        type,
        name,
        link,
        mode,
        member.size(),
        member.uid(),
        member.gid(),
        modified,
        has(records, "atime") ? accessed : null,
        has(records, "ctime") ? changed : null,
        major,
        minor,
        attributes);
  }

  private static boolean has(Map<String, byte[]> records, String key) {
    byte[] value = records.get(key);
    return value != null && value.length > 0;
  }

  private static @Nullable String type(byte flag, TarMember member) {
    return switch (flag) {
      case 0 -> member.type() == '5' ? "dir" : "reg";
      // Some programs take a file whose name ends with a slash for a directory.
      case '0' -> member.type() == '0' ? "reg" : null;
      case '1' -> "hardlink";
      case '2' -> "symlink";
      case '3' -> "char";
      case '4' -> "block";
      case '5' -> "dir";
      case '6' -> "fifo";
      default -> null;
    };
  }

  /** Returns bytes as text; null if JSON cannot have them. */
  private static @Nullable String text(byte[] bytes) {
    String text = FileNames.decode(bytes);
    return isText(text) ? text : null;
  }

  private static boolean isText(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0 || c == '\uFFFD' || FileNames.isEscapedByte(c)) {
        return false;
      }
    }
    return true;
  }

  /** Reads an octal number; returns -1 for any other form. */
  private static long octal(byte[] header, int at, int length) {
    long value = 0;
    for (int i = at; i < at + length; i++) {
      byte b = header[i];
      if (b >= '0' && b <= '7') {
        value = value << 3 | b - '0';
      } else if (b != 0 && b != ' ') {
        return -1;
      }
    }
    return value;
  }

  private static boolean isStar(byte[] header) {
    return header[STAR_AT] == 't' && header[STAR_AT + 1] == 'a' && header[STAR_AT + 2] == 'r';
  }

  /** Returns whether a header of GNU has times that others take for a part of the name. */
  private static boolean hasGnuTimes(byte[] header) {
    boolean gnu = header[MAGIC_AT] == 'u' && header[MAGIC_AT + 5] == ' ';
    for (int i = TIMES_AT; gnu && i < TIMES_END; i++) {
      if (header[i] != 0) {
        return true;
      }
    }
    return false;
  }

  /** Returns a time as text; null if it has no such form. */
  private static @Nullable String time(byte @Nullable [] record, long otherwise) {
    long seconds = otherwise;
    String nanos = "";
    if (record != null && record.length > 0) {
      String text = new String(record, StandardCharsets.ISO_8859_1);
      if (!text.matches("\\d{1,18}(\\.\\d*)?")) {
        return null;
      }
      int point = text.indexOf('.');
      seconds = Long.parseLong(point < 0 ? text : text.substring(0, point));
      nanos = point < 0 ? "" : text.substring(point + 1);
      nanos = nanos.substring(0, Math.min(9, nanos.length())).replaceFirst("0+$", "");
    }
    try {
      Instant instant = Instant.ofEpochSecond(seconds);
      int year = instant.atOffset(ZoneOffset.UTC).getYear();
      String fraction = nanos.isEmpty() ? "" : "." + nanos;
      return year < 0 || year > 9999 ? null : SECONDS.format(instant) + fraction + "Z";
    } catch (DateTimeException _) {
      return null;
    }
  }
}
