package dev.strata.internal.json;

import dev.strata.io.FileNames;
import dev.strata.io.InputFile;
import dev.strata.io.InvalidInputException;
import dev.strata.io.PlainText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON as Go's {@code json.Unmarshal} does: keys are matched regardless of case, {@code null}
 * leaves a value unchanged, the last of several equal keys counts, and a byte that is not UTF-8 or
 * a lone surrogate becomes U+FFFD.
 *
 * <p>An instance is positioned at one value, and each method consumes that whole value. Not
 * thread-safe. Malformed input ends in an {@link InvalidInputException} that states the file, the
 * line, the field and what was expected.
 */
public final class JsonInput {
  /** Receives the fields of an object. */
  @FunctionalInterface
  public interface Field {
    /**
     * Consumes one value, by exactly one call on {@code value}.
     *
     * @param key the key in lower case
     * @param value the input, positioned at the value
     */
    void take(String key, JsonInput value);
  }

  private static final char[] REPLACEMENT = {'\\', 'u', 'f', 'f', 'f', 'd'};

  private final String source;
  private final String content;
  private final JsonScanner scanner;
  private String exactKey = "";

  private JsonInput(String source, String content, JsonScanner scanner) {
    this.source = source;
    this.content = content;
    this.scanner = scanner;
  }

  /**
   * Reads a file.
   *
   * @param file the file
   * @param reader consumes the one value in the file
   * @param <T> the type of the result
   * @return the result of the reader
   * @throws dev.strata.io.NotFoundException if there is no such file
   * @throws InvalidInputException if the file is not JSON, or not of the expected shape
   */
  public static <T extends @Nullable Object> T read(Path file, Function<JsonInput, T> reader) {
    return parse(
        FileNames.quote(FileNames.decode(FileNames.bytes(file))), InputFile.readAll(file), reader);
  }

  /**
   * Parses a text.
   *
   * @param source the name of the text in messages
   * @param content the text in UTF-8
   * @param reader consumes the one value in the text
   * @param <T> the type of the result
   * @return the result of the reader
   * @throws InvalidInputException if the text is not JSON, or not of the expected shape
   */
  public static <T extends @Nullable Object> T parse(
      String source, byte[] content, Function<JsonInput, T> reader) {
    String text = withoutLoneSurrogates(FileNames.decodeLossy(content));
    JsonInput in = new JsonInput(source, text, new JsonScanner(text));
    if (in.next() == null) {
      throw in.failure("is empty; it should contain one JSON value");
    }
    T result = reader.apply(in);
    if (in.next() != null) {
      throw in.failure("has content after the end of its JSON value; remove it");
    }
    return result;
  }

  /**
   * Returns the name of the text in messages.
   *
   * @return the quoted name of the file, or what the caller has called the text
   */
  public String source() {
    return source;
  }

  /**
   * Creates an exception about the current value.
   *
   * @param problem the problem and the remedy, to follow the name of the file or field
   * @return the exception, to be thrown
   */
  public InvalidInputException failure(String problem) {
    String field = field();
    return problem((field.isEmpty() ? "" : ": " + field) + " " + problem);
  }

  private InvalidInputException problem(String problem) {
    String where = " (line " + scanner.line() + ", column " + scanner.column() + ")";
    return new InvalidInputException(source + where + problem);
  }

  /** Returns where the current value is, such as {@code layers[0].size}; empty for the root. */
  private String field() {
    String field = scanner.field();
    return PlainText.line(field.startsWith(".") ? field.substring(1) : field);
  }

  /**
   * Creates an exception about a text that is JSON, but of another kind than the expected one.
   *
   * @param wanted what was expected, such as {@code an image.json file}
   * @param remedy what to do
   * @return the exception, to be thrown
   */
  public InvalidInputException otherKind(String wanted, String remedy) {
    return new InvalidInputException(
        source + " is not " + wanted + ", but " + JsonKind.of(content) + "; " + remedy);
  }

  /**
   * Returns whether the whole text looks like one of the files that {@link #otherKind} can name.
   *
   * @return true if it is of a kind that is known
   */
  public boolean isOfKnownKind() {
    return JsonKind.of(content).indexOf(JsonKind.UNKNOWN_WITH_KEYS) < 0;
  }

  private InvalidInputException wrongType(String wanted) {
    JsonToken token = scanner.token();
    if (scanner.isRootStart()) {
      return new InvalidInputException(
          source + " should contain " + wanted + " but is " + JsonKind.of(content));
    }
    String found =
        switch (token) {
          case START_OBJECT -> "an object";
          case START_ARRAY -> "an array";
          case STRING -> "a string";
          case INTEGER, FLOAT -> "a number";
          case TRUE, FALSE -> "a boolean";
          case null -> "the end";
          default -> "something else";
        };
    String field = field();
    return field.isEmpty()
        ? problem(" should contain " + wanted + " but contains " + found)
        : problem(": " + field + " should be " + wanted + " but is " + found);
  }

  private @Nullable JsonToken next() {
    try {
      return scanner.next();
    } catch (JsonScanner.SyntaxException _) {
      throw JsonSyntax.error(source, content);
    }
  }

  /**
   * Returns whether the value is {@code null}.
   *
   * @return true if it is
   */
  public boolean isNull() {
    return scanner.token() == JsonToken.NULL;
  }

  /**
   * Returns whether the value is an object.
   *
   * @return true if it is
   */
  public boolean isObject() {
    return scanner.token() == JsonToken.START_OBJECT;
  }

  /**
   * Returns whether the value is an array.
   *
   * @return true if it is
   */
  public boolean isArray() {
    return scanner.token() == JsonToken.START_ARRAY;
  }

  /**
   * Returns whether the value is a string.
   *
   * @return true if it is
   */
  public boolean isString() {
    return scanner.token() == JsonToken.STRING;
  }

  /**
   * Returns whether the value is a number without a fraction and an exponent.
   *
   * @return true if it is
   */
  public boolean isInteger() {
    return scanner.token() == JsonToken.INTEGER;
  }

  /** Consumes any value and ignores it. */
  public void skip() {
    try {
      scanner.skipChildren();
      if (scanner.token() == JsonToken.STRING) {
        scanner.text();
      }
    } catch (JsonScanner.SyntaxException _) {
      throw JsonSyntax.error(source, content);
    }
  }

  /**
   * Consumes any value and returns it as it is written, without the space between its tokens.
   *
   * @return the value as JSON on one line, with its keys in order and its numbers as written
   */
  public String json() {
    JsonOutput out = JsonOutput.compact();
    int depth = 0;
    copyToken(out);
    depth += nesting();
    while (depth > 0) {
      next();
      copyToken(out);
      depth += nesting();
    }
    return out.toString();
  }

  /** Returns the current token, of which there is one while a value is being consumed. */
  private JsonToken current() {
    return Objects.requireNonNull(scanner.token());
  }

  private int nesting() {
    return switch (current()) {
      case START_OBJECT, START_ARRAY -> 1;
      case END_OBJECT, END_ARRAY -> -1;
      default -> 0;
    };
  }

  private void copyToken(JsonOutput out) {
    JsonToken token = scanner.token();
    // No case for null, for which the JVM generates classes in every run.
    if (token == null) {
      throw wrongType("a value");
    }
    switch (token) {
      case START_OBJECT -> out.beginObject();
      case END_OBJECT -> out.endObject();
      case START_ARRAY -> out.beginArray();
      case END_ARRAY -> out.endArray();
      case FIELD_NAME -> out.name(text());
      case STRING -> out.string(text());
      default -> out.json(text());
    }
  }

  /**
   * Consumes an object; {@code null} counts as an empty one.
   *
   * @param what what the object is, for messages
   * @param field consumes each field
   */
  public void object(String what, Field field) {
    if (isNull()) {
      return;
    }
    if (scanner.token() != JsonToken.START_OBJECT) {
      throw wrongType("an object, " + what + ",");
    }
    while (next() != JsonToken.END_OBJECT) {
      String key = text();
      next();
      exactKey = key;
      field.take(foldCase(key), this);
    }
  }

  /**
   * Returns the key of the current value as it is written.
   *
   * @return the key, valid at the start of {@link Field#take}
   */
  public String exactKey() {
    return exactKey;
  }

  /**
   * Consumes an array.
   *
   * @param what what its elements are, for messages
   * @param element consumes each element
   * @param <T> the type of the elements
   * @return the elements, or null for JSON {@code null}
   */
  public <T> @Nullable List<T> list(String what, Function<JsonInput, T> element) {
    if (isNull()) {
      return null;
    }
    if (scanner.token() != JsonToken.START_ARRAY) {
      throw wrongType("an array of " + what);
    }
    List<T> out = new ArrayList<>();
    while (next() != JsonToken.END_ARRAY) {
      out.add(element.apply(this));
    }
    return out;
  }

  /**
   * Consumes an array of strings; {@code null} in it counts as the empty string.
   *
   * @return the strings; empty for JSON {@code null}
   */
  public List<String> strings() {
    List<String> out = list("strings", in -> in.string(""));
    return out == null ? List.of() : out;
  }

  /**
   * Consumes an object whose entries are added to a map, so that a key that occurs many times costs
   * no more than its text. As in Go, {@code null} removes the entries of earlier objects.
   *
   * @param what what its values are, for messages
   * @param map receives the entries, whose keys are as they are written
   * @param value consumes each value
   * @param <T> the type of the values
   */
  public <T> void addTo(SortedMap<String, T> map, String what, Function<JsonInput, T> value) {
    if (isNull()) {
      // Unlike that of a hash table, this takes the same time for any number of entries.
      map.clear();
      return;
    }
    object(
        "a map of " + what,
        (key, in) -> {
          String exact = in.exactKey();
          map.put(exact, value.apply(in));
        });
  }

  /**
   * Consumes a string.
   *
   * @param absent the result for JSON {@code null}
   * @return the string
   */
  public String string(String absent) {
    if (isNull()) {
      return absent;
    }
    if (scanner.token() != JsonToken.STRING) {
      throw wrongType("a string");
    }
    return text();
  }

  /**
   * Consumes a boolean.
   *
   * @param absent the result for JSON {@code null}
   * @return the value
   */
  public boolean bool(boolean absent) {
    return switch (current()) {
      case NULL -> absent;
      case TRUE -> true;
      case FALSE -> false;
      default -> throw wrongType("true or false");
    };
  }

  /**
   * Consumes an integer of 64 bits, written without a fraction and an exponent.
   *
   * @param absent the result for JSON {@code null}
   * @return the number
   */
  public long integer(long absent) {
    if (isNull()) {
      return absent;
    }
    if (scanner.token() != JsonToken.INTEGER) {
      throw wrongType("an integer, without quotes, fraction and exponent,");
    }
    String digits = text();
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      String shown = digits.length() <= 40 ? digits : digits.substring(0, 40) + "...";
      String is = field().isEmpty() ? "contains" : "is";
      throw failure(is + " the number " + shown + ", which does not fit in 64 bits");
    }
  }

  private String text() {
    try {
      return scanner.text();
    } catch (JsonScanner.SyntaxException _) {
      throw JsonSyntax.error(source, content);
    }
  }

  /** Replaces the escape of each lone surrogate with that of U+FFFD, as Go reads it. */
  static String withoutLoneSurrogates(String text) {
    if (!text.contains("\\ud") && !text.contains("\\uD")) {
      return text;
    }
    StringBuilder out = new StringBuilder(text);
    for (int i = text.indexOf('\\'); i >= 0; i = text.indexOf('\\', i)) {
      char c = escaped(text, i);
      if (!Character.isSurrogate(c)) {
        // The character after a backslash may itself be a backslash.
        i += 2;
      } else if (Character.isHighSurrogate(c) && Character.isLowSurrogate(escaped(text, i + 6))) {
        i += 12;
      } else {
        // Not replace(), which moves the rest of the text even if the length stays the same.
        for (char replacement : REPLACEMENT) {
          out.setCharAt(i++, replacement);
        }
      }
    }
    return out.toString();
  }

  /** Returns the UTF-16 unit that is escaped at a position, or 0. */
  private static char escaped(String text, int at) {
    if (!text.startsWith("\\u", at) || at + 6 > text.length()) {
      return 0;
    }
    int unit = 0;
    for (int i = at + 2; i < at + 6; i++) {
      if (!HexFormat.isHexDigit(text.charAt(i))) {
        return 0;
      }
      unit = unit << 4 | HexFormat.fromHexDigit(text.charAt(i));
    }
    return (char) unit;
  }

  /** As Go, folds ASCII letters, and the two other characters whose simple folds are ASCII. */
  private static String foldCase(String key) {
    StringBuilder out = new StringBuilder(key.length());
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        out.append((char) (c + 'a' - 'A'));
      } else if (c == '\u212A') {
        out.append('k');
      } else if (c == '\u017F') {
        out.append('s');
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }
}
