package dev.strata.cli.template;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A struct of Go. Immutable.
 *
 * @param fields the fields in order
 */
public record GoStruct(List<Field> fields) {
  /** A struct without fields. */
  public static final GoStruct EMPTY = new GoStruct(List.of());

  /**
   * A field.
   *
   * @param name the name in templates
   * @param jsonName the name in JSON
   * @param omitEmpty whether JSON leaves out an empty value
   * @param value the value
   */
  public record Field(String name, String jsonName, boolean omitEmpty, @Nullable Object value) {}

  /** Copies the list. */
  public GoStruct {
    fields = List.copyOf(fields);
  }

  /** Finds a field; null if there is none. */
  @Nullable Field find(String name) {
    for (Field field : fields) {
      if (field.name().equals(name)) {
        return field;
      }
    }
    return null;
  }

  /** Collects the fields of a struct. Not thread-safe. */
  public static final class Builder {
    private final List<Field> fields = new ArrayList<>();

    /** Adds a field with the same name in JSON. */
    public Builder field(String name, @Nullable Object value) {
      return field(name, name, false, value);
    }

    /** Adds a field that JSON leaves out if it is empty. */
    public Builder optional(String name, String jsonName, @Nullable Object value) {
      return field(name, jsonName, true, value);
    }

    /** Adds a field. */
    public Builder field(String name, String jsonName, boolean omitEmpty, @Nullable Object value) {
      fields.add(new Field(name, jsonName, omitEmpty, value));
      return this;
    }

    /** Creates the struct. */
    public GoStruct build() {
      return new GoStruct(fields);
    }
  }
}
