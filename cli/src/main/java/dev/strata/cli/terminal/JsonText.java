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
  private static final JsonFactory FACTORY = factory(new GoEscapes("<>&"));
  private static final JsonFactory FACTORY_WITHOUT_HTML = factory(new GoEscapes(""));

  private JsonText() {}

  private static JsonFactory factory(GoEscapes escapes) {
    return new JsonFactoryBuilder()
        .characterEscapes(escapes)
        .configure(JsonWriteFeature.WRITE_HEX_UPPER_CASE, false)
        .build();
  }

  /** Formats a value on one line. */
  public static String compact(@Nullable Object value) {
    return format(FACTORY, value, null);
  }

  /** Formats a value on one line, as Go's encoder does without escapes for HTML. */
  public static String goEncoded(@Nullable Object value) {
    return format(FACTORY_WITHOUT_HTML, value, null);
  }

  /** Formats a value on several lines, indented by four spaces. */
  public static String spaced(@Nullable Object value) {
    return format(FACTORY, value, "    ");
  }

  /** Formats a value on several lines, indented by tabs. */
  public static String indented(@Nullable Object value) {
    return format(FACTORY, value, "\t");
  }

  private static String format(
      JsonFactory factory, @Nullable Object value, @Nullable String indentation) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = factory.createGenerator(text)) {
      if (indentation != null) {
        out.setPrettyPrinter(new GoIndentation(indentation));
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

    GoIndentation(String indentation) {
      super(
          Separators.createDefaultInstance()
              .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
              .withObjectEmptySeparator("")
              .withArrayEmptySeparator(""));
      DefaultIndenter indenter = new DefaultIndenter(indentation, "\n");
      indentArraysWith(indenter);
      indentObjectsWith(indenter);
    }
  }

  /** Escapes what HTML and JavaScript would misread, and replaced bytes. */
  private static final class GoEscapes extends CharacterEscapes {
    private static final long serialVersionUID = 1L;
    private static final String ALWAYS = "\u2028\u2029\uFFFD";

    private final String html;

    GoEscapes(String html) {
      this.html = html;
    }

    @Override
    public int[] getEscapeCodesForAscii() {
      int[] codes = standardAsciiEscapesForJSON();
      for (int i = 0; i < html.length(); i++) {
        codes[html.charAt(i)] = ESCAPE_CUSTOM;
      }
      return codes;
    }

    @Override
    public @Nullable SerializableString getEscapeSequence(int c) {
      return ALWAYS.indexOf(c) < 0 && html.indexOf(c) < 0
          ? null
          : new SerializedString("\\u%04x".formatted(c));
    }
  }
}
