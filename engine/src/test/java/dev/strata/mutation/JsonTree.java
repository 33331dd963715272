package dev.strata.mutation;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A JSON document that can be changed into what a correct writer never writes: members may occur
 * twice, and a scalar is any text.
 */
final class JsonTree {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(100_000)
                  .maxNameLength(1_000_000)
                  .build())
          .build();

  /** The kind of a node. */
  enum Kind {
    OBJECT,
    ARRAY,
    SCALAR
  }

  /** The name of this member in its object; null elsewhere. */
  @Nullable String name;

  Kind kind;

  /** The members or elements. */
  final List<JsonTree> children = new ArrayList<>();

  /** The JSON text of a scalar. */
  String text = "";

  private JsonTree(Kind kind) {
    this.kind = kind;
  }

  static JsonTree scalar(String json) {
    JsonTree node = new JsonTree(Kind.SCALAR);
    node.text = json;
    return node;
  }

  static JsonTree parse(byte[] json) {
    // As Go does, replaces bytes that are not UTF-8.
    String text = new String(json, StandardCharsets.UTF_8);
    try (JsonParser parser = FACTORY.createParser(text)) {
      parser.nextToken();
      return read(parser);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonTree read(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.START_OBJECT) {
      JsonTree object = new JsonTree(Kind.OBJECT);
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        parser.nextToken();
        JsonTree member = read(parser);
        member.name = name;
        object.children.add(member);
      }
      return object;
    }
    if (token == JsonToken.START_ARRAY) {
      JsonTree array = new JsonTree(Kind.ARRAY);
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        array.children.add(read(parser));
      }
      return array;
    }
    String value = parser.getText();
    return scalar(token == JsonToken.VALUE_STRING ? quoted(value) : value);
  }

  /** Copies this node with all below it. */
  JsonTree copy() {
    JsonTree copy = new JsonTree(kind);
    copy.name = name;
    copy.text = text;
    children.forEach(c -> copy.children.add(c.copy()));
    return copy;
  }

  /** Returns all nodes below this one. */
  List<JsonTree> descendants() {
    List<JsonTree> all = new ArrayList<>();
    for (JsonTree child : children) {
      all.add(child);
      all.addAll(child.descendants());
    }
    return all;
  }

  /** Returns the last member with a name, ignoring case, as Go reads it; null if there is none. */
  @Nullable JsonTree member(String wanted) {
    JsonTree found = null;
    for (JsonTree child : children) {
      if (wanted.equalsIgnoreCase(child.name)) {
        found = child;
      }
    }
    return found;
  }

  byte[] bytes() {
    StringBuilder out = new StringBuilder();
    write(out);
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void write(StringBuilder out) {
    if (kind == Kind.SCALAR) {
      out.append(text);
      return;
    }
    out.append(kind == Kind.OBJECT ? '{' : '[');
    String separator = "";
    for (JsonTree child : children) {
      out.append(separator);
      separator = ",";
      if (kind == Kind.OBJECT) {
        out.append(quoted(child.name == null ? "" : child.name)).append(':');
      }
      child.write(out);
    }
    out.append(kind == Kind.OBJECT ? '}' : ']');
  }

  static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
