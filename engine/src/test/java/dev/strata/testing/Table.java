package dev.strata.testing;

import dev.strata.io.FileNames;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A table of values recorded from Go: one row per line, fields separated by tabs, and a leading
 * comment that names the Go function. Fields are escaped like Go's {@code strconv.QuoteToASCII}:
 * {@code \xNN} is a byte, {@code \\uNNNN} a character.
 */
public final class Table {
  private Table() {}

  /** One line of a table. */
  public record Row(List<String> fields) {
    /** Returns a field as bytes. */
    public byte[] bytes(int field) {
      return unquote(fields.get(field));
    }

    /** Returns a field as text; {@link FileNames} decodes bytes that are not UTF-8. */
    public String text(int field) {
      return FileNames.decode(bytes(field));
    }

    /** Returns a field without decoding it. */
    public String raw(int field) {
      return fields.get(field);
    }

    /** Returns a field as a number. */
    public long number(int field) {
      return Long.parseLong(raw(field));
    }

    /** Returns whether Go rejects the input. */
    public boolean isError(int field) {
      return raw(field).equals("error");
    }

    @Override
    public String toString() {
      String line = String.join(" | ", fields);
      return line.length() <= 160 ? line : line.substring(0, 160) + "…";
    }
  }

  /** Loads a table. */
  public static List<Row> load(String name) {
    try (InputStream in = Objects.requireNonNull(Table.class.getResourceAsStream(name), name)) {
      String text = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      return Stream.of(text.split("\n"))
          .filter(line -> !line.startsWith("# "))
          .map(line -> new Row(List.of(line.split("\t", -1))))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] unquote(String s) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < s.length(); ) {
      char c = s.charAt(i++);
      if (c != '\\') {
        out.write(c);
        continue;
      }
      char kind = s.charAt(i++);
      int digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
      if (digits == 0) {
        out.write(simpleEscape(kind));
        continue;
      }
      int value = Integer.parseInt(s, i, i + digits, 16);
      i += digits;
      if (kind == 'x') {
        out.write(value);
      } else {
        out.writeBytes(Character.toString(value).getBytes(StandardCharsets.UTF_8));
      }
    }
    return out.toByteArray();
  }

  private static int simpleEscape(char kind) {
    return switch (kind) {
      case 'a' -> 7;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> 11;
      case '\\', '"' -> kind;
      default -> throw new IllegalArgumentException("unknown escape: \\" + kind);
    };
  }
}
