package dev.strata.cli.template;

import dev.strata.cli.terminal.JsonText;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How Go prints values (package fmt), and what it takes for true. */
final class GoFormat {
  /** The value of a key that a map does not have. */
  enum NoValue {
    INSTANCE
  }

  private GoFormat() {}

  /** A value as a template prints it. */
  static String text(@Nullable Object value) {
    return value instanceof NoValue ? "<no value>" : plain(value);
  }

  /** A value as the verb {@code %v} prints it. */
  static String plain(@Nullable Object value) {
    if (value == null || value instanceof NoValue) {
      return "<nil>";
    }
    StringBuilder out = new StringBuilder();
    switch (value) {
      case GoList list -> {
        out.append('[').append(spaced(list.elements()));
        out.append(']');
      }
      case GoMap map -> {
        out.append("map[");
        map.entries()
            .forEach((key, entry) ->
                out.append(out.length() == 4 ? "" : " ")
                    .append(key)
                    .append(':')
                    .append(plain(entry)));
        out.append(']');
      }
      case GoStruct struct -> {
        List<@Nullable Object> values = new ArrayList<>();
        struct.fields().forEach(field -> values.add(field.value()));
        out.append('{').append(spaced(values));
        out.append('}');
      }
      case Double number -> out.append(shortest(number));
      default -> out.append(value);
    }
    return out.toString();
  }

  private static String spaced(List<@Nullable Object> values) {
    return String.join(" ", values.stream().map(GoFormat::plain).toList());
  }

  /** A number in the shortest form that is read back as the same. */
  private static String shortest(double number) {
    String text = Double.toString(number).toLowerCase(java.util.Locale.ROOT);
    text = text.endsWith(".0") ? text.substring(0, text.length() - 2) : text.replace(".0e", "e");
    return text.replaceFirst("e(\\d)", "e+$1").replaceFirst("e([+-])(\\d)$", "e$10$2");
  }

  /** What a value is, for messages. */
  static String kind(@Nullable Object value) {
    if (value == null || value instanceof NoValue) {
      return "a missing value";
    }
    return switch (value) {
      case String _ -> "a string";
      case GoDigest _ -> "a string";
      case Boolean _ -> "a boolean";
      case Number _ -> "a number";
      case GoList _ -> "a list";
      case GoMap _ -> "a map";
      case GoTime _ -> "a time";
      default -> "a structure";
    };
  }

  /** Whether a condition with this value holds. */
  static boolean isTrue(@Nullable Object value) {
    return switch (value) {
      case null -> false;
      case Boolean b -> b;
      case Long n -> n != 0;
      case Double d -> d != 0;
      case GoList list -> !list.elements().isEmpty();
      case GoMap map -> !map.entries().isEmpty();
      case String s -> !s.isEmpty();
      case GoDigest d -> !d.value().isEmpty();
      default -> !(value instanceof NoValue);
    };
  }

  /** A value as the types that {@link JsonText} writes. */
  static @Nullable Object json(@Nullable Object value) {
    return switch (value) {
      case null -> null;
      case GoList list -> {
        List<@Nullable Object> elements = new ArrayList<>();
        list.elements().forEach(element -> elements.add(json(element)));
        yield list.isNil() ? null : elements;
      }
      case GoMap map -> {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        map.entries().forEach((key, entry) -> entries.put(key, json(entry)));
        yield map.isNil() ? null : entries;
      }
      case GoStruct struct -> {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (GoStruct.Field field : struct.fields()) {
          if (!field.omitEmpty() || isTrue(field.value())) {
            fields.put(field.jsonName(), json(field.value()));
          }
        }
        yield fields;
      }
      case GoTime time -> time.rfc3339();
      case GoDigest digest -> digest.value();
      default -> value instanceof NoValue ? null : value;
    };
  }
}
