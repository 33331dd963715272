package dev.strata.cli.terminal;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import dev.strata.io.FileNames;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Formats reports for programs as JSON, with the indentation and the escapes of Go's {@code
 * json.MarshalIndent}, as Skopeo prints its own.
 *
 * <p>A value is a map of strings to values, in the order of the output, a list of values, a string,
 * a whole number, a boolean or null.
 */
public final class JsonText {
  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          .characterEscapes(new GoEscapes())
          .configure(JsonWriteFeature.WRITE_HEX_UPPER_CASE, false)
          .build();

  private JsonText() {}

  /** Formats a value on one line. */
  public static String compact(@Nullable Object value) {
    return format(value, false);
  }

  /** Formats a value on several lines, indented by tabs. */
  public static String indented(@Nullable Object value) {
    return format(value, true);
  }

  private static String format(@Nullable Object value, boolean indented) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = FACTORY.createGenerator(text)) {
      if (indented) {
        out.setPrettyPrinter(new GoIndentation());
      }
      write(out, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator out, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> out.writeNull();
      case String s -> out.writeString(FileNames.decodeLossy(FileNames.encode(s)));
      case Boolean b -> out.writeBoolean(b);
      case Number n -> out.writeNumber(n.longValue());
      case List<?> list -> {
        out.writeStartArray();
        for (Object element : list) {
          write(out, element);
        }
        out.writeEndArray();
      }
      case Map<?, ?> map -> {
        out.writeStartObject();
        for (Map.Entry<?, ?> e : map.entrySet()) {
          out.writeFieldName(String.valueOf(e.getKey()));
          write(out, e.getValue());
        }
        out.writeEndObject();
      }
      default -> throw new IllegalArgumentException(value.getClass().getName());
    }
  }

  private static final class GoIndentation extends DefaultPrettyPrinter {
    private static final long serialVersionUID = 1L;

    GoIndentation() {
      super(
          Separators.createDefaultInstance()
              .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
              .withObjectEmptySeparator("")
              .withArrayEmptySeparator(""));
      DefaultIndenter tabs = new DefaultIndenter("\t", "\n");
      indentArraysWith(tabs);
      indentObjectsWith(tabs);
    }
  }

  /** Escapes what HTML and JavaScript would misread, and replaced bytes. */
  private static final class GoEscapes extends CharacterEscapes {
    private static final long serialVersionUID = 1L;
    private static final String ESCAPED = "<>&\u2028\u2029\uFFFD";

    @Override
    public int[] getEscapeCodesForAscii() {
      int[] codes = standardAsciiEscapesForJSON();
      codes['<'] = ESCAPE_CUSTOM;
      codes['>'] = ESCAPE_CUSTOM;
      codes['&'] = ESCAPE_CUSTOM;
      return codes;
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int c) {
      return ESCAPED.indexOf(c) < 0 ? null : new SerializedString("\\u%04x".formatted(c));
    }
  }
}
