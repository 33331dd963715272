package dev.strata.cli.look;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.strata.cli.terminal.JsonText;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A JSON object as maps, lists, strings, {@code Long}, {@code Double}, {@code Boolean} and null.
 */
final class JsonTree {
  // Manifests and configurations are limited to 4 MiB as a whole.
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final Map<?, ?> members;

  private JsonTree(Map<?, ?> members) {
    this.members = members;
  }

  /**
   * Parses an object.
   *
   * @param source what it is, for messages
   */
  static JsonTree parse(String source, byte[] json) {
    try (JsonParser in = FACTORY.createParser(FileNames.decodeLossy(json))) {
      in.nextToken();
      if (value(in) instanceof Map<?, ?> members) {
        return new JsonTree(members);
      }
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(
          "cannot read " + source + ": it is not valid JSON, or nested too deeply", e);
    } catch (IOException e) {
      throw new InvalidInputException("cannot read " + source + ": " + e.getMessage(), e);
    }
    throw new InvalidInputException("cannot read " + source + ": it is not a JSON object");
  }

  private static @Nullable Object value(JsonParser in) throws IOException {
    JsonToken token = in.currentToken();
    if (token == JsonToken.START_OBJECT) {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        in.nextToken();
        members.put(name, value(in));
      }
      return members;
    }
    if (token == JsonToken.START_ARRAY) {
      List<@Nullable Object> elements = new ArrayList<>();
      while (in.nextToken() != JsonToken.END_ARRAY) {
        elements.add(value(in));
      }
      return elements;
    }
    if (token == JsonToken.VALUE_NUMBER_INT) {
      return in.getNumberType() == JsonParser.NumberType.BIG_INTEGER
          ? (Object) in.getDoubleValue()
          : (Object) in.getLongValue();
    }
    if (token == JsonToken.VALUE_NUMBER_FLOAT) {
      return in.getDoubleValue();
    }
    if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
      return in.getBooleanValue();
    }
    return token == JsonToken.VALUE_STRING ? in.getText() : null;
  }

  /** Returns a member, whose name Go matches without case; null if there is none. */
  private @Nullable Object get(String name) {
    Object exact = members.get(name);
    if (exact != null) {
      return exact;
    }
    for (Map.Entry<?, ?> e : members.entrySet()) {
      if (String.valueOf(e.getKey()).equalsIgnoreCase(name)) {
        return e.getValue();
      }
    }
    return null;
  }

  /** Returns a string; empty if there is none. */
  String text(String name) {
    return get(name) instanceof String s ? s : "";
  }

  /** Returns a whole number, or a default. */
  long number(String name, long absent) {
    return get(name) instanceof Long n ? n : absent;
  }

  boolean flag(String name) {
    return Boolean.TRUE.equals(get(name));
  }

  /** Returns an object, which is empty if there is none. */
  JsonTree object(String name) {
    return new JsonTree(get(name) instanceof Map<?, ?> m ? m : Map.of());
  }

  /** Returns the objects of a list; null if there is no list. */
  @Nullable List<JsonTree> objects(String name) {
    if (!(get(name) instanceof List<?> list)) {
      return null;
    }
    List<JsonTree> objects = new ArrayList<>();
    for (Object element : list) {
      objects.add(new JsonTree(element instanceof Map<?, ?> m ? m : Map.of()));
    }
    return objects;
  }

  /** Returns the strings of a list; null if there is no list. */
  @Nullable List<String> texts(String name) {
    if (!(get(name) instanceof List<?> list)) {
      return null;
    }
    List<String> texts = new ArrayList<>();
    for (Object element : list) {
      texts.add(element instanceof String s ? s : "");
    }
    return texts;
  }

  /** Returns the strings of an object, an empty one for anything else; null if there is none. */
  @Nullable Map<String, String> textsByName(String name) {
    if (!(get(name) instanceof Map<?, ?> map)) {
      return null;
    }
    Map<String, String> texts = new LinkedHashMap<>();
    map.forEach((key, value) -> texts.put(String.valueOf(key), value instanceof String s ? s : ""));
    return texts;
  }

  /** Returns the members as JSON by name. */
  Map<String, String> json() {
    Map<String, String> json = new LinkedHashMap<>();
    members.forEach((key, value) -> json.put(String.valueOf(key), JsonText.compact(value)));
    return json;
  }
}
