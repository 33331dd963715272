package dev.strata.internal.json;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of a JSON object in order, to change some of them and keep the others as they are,
 * known or not. As for {@link JsonInput}, keys are the same regardless of case. Immutable and
 * thread-safe.
 *
 * @param values the values by key, each as JSON on one line
 */
public record JsonFields(Map<String, String> values) {
  /** Copies the map. */
  public JsonFields {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /**
   * Parses a text.
   *
   * @param source the name of the text in messages
   * @param json an object in UTF-8
   * @return its fields
   * @throws dev.strata.io.InvalidInputException if the text is not a JSON object
   */
  public static JsonFields parse(String source, byte[] json) {
    Map<String, String> values = new LinkedHashMap<>();
    return JsonInput.parse(
        source,
        json,
        in -> {
          in.object(
              "of any kind",
              (key, value) -> {
                String exact = value.exactKey();
                values.put(exact, value.json());
              });
          return new JsonFields(values);
        });
  }

  /**
   * Returns the elements of an array field.
   *
   * @param key the key
   * @return each element as JSON on one line; empty if the field is missing or null
   * @throws dev.strata.io.InvalidInputException if it is not an array
   */
  public List<String> elements(String key) {
    List<String> elements = List.of();
    for (Map.Entry<String, String> e : values.entrySet()) {
      if (e.getKey().equalsIgnoreCase(key)) {
        byte[] json = e.getValue().getBytes(StandardCharsets.UTF_8);
        List<String> found =
            JsonInput.parse("the field " + key, json, in -> in.list("values", JsonInput::json));
        elements = found == null ? List.of() : found;
      }
    }
    return elements;
  }

  /**
   * Returns an object with one value replaced, or added at the end.
   *
   * @param key the key
   * @param json the value as JSON on one line
   * @return a changed copy
   */
  public JsonFields with(String key, String json) {
    Map<String, String> changed = new LinkedHashMap<>();
    boolean there = false;
    for (Map.Entry<String, String> e : values.entrySet()) {
      if (!e.getKey().equalsIgnoreCase(key)) {
        changed.put(e.getKey(), e.getValue());
      } else if (!there) {
        there = true;
        changed.put(key, json);
      }
    }
    changed.putIfAbsent(key, json);
    return new JsonFields(changed);
  }

  /**
   * Returns an object without some fields.
   *
   * @param keys their keys
   * @return a changed copy
   */
  public JsonFields without(List<String> keys) {
    Map<String, String> changed = new LinkedHashMap<>(values);
    changed.keySet().removeIf(k -> keys.stream().anyMatch(k::equalsIgnoreCase));
    return new JsonFields(changed);
  }

  /**
   * Returns the text of the object.
   *
   * @return JSON on one line
   */
  public String toJson() {
    JsonOutput out = JsonOutput.compact();
    out.beginObject();
    values.forEach((key, value) -> out.name(key).json(value));
    return out.endObject().toString();
  }
}
