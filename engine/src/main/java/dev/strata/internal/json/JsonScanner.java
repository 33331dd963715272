package dev.strata.internal.json;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Divides a text into tokens of JSON (RFC 8259). A parser of a library takes longer to initialize
 * than to read what a small build reads; {@link JsonSyntax} asks one what is wrong with a text.
 *
 * <p>A string is checked when its text is needed or the next token is, so that a text with two
 * errors is reported by the first of them. Not thread-safe.
 */
final class JsonScanner {
  /** The text is not JSON; no more than its first error counts. */
  static final class SyntaxException extends Exception {
    private static final long serialVersionUID = 1;

    SyntaxException() {
      super(null, null, false, false);
    }
  }

  /** The number of objects and arrays that may be nested. */
  static final int MAX_DEPTH = 10_000;

  private static final int NO_INDEX = -2;

  private final String text;
  private final char[] chars;
  private int at;
  private @Nullable JsonToken token;
  private int tokenStart;

  /** Where the text of a string or number ends, or -1 while a string has not been checked. */
  private int tokenEnd;

  private boolean escaped;

  private int depth;

  /** For each open array, how many elements have begun, less one; for an object, NO_INDEX. */
  private int[] indexes = new int[16];

  /** For each open object, the name of the last field. */
  private @Nullable String[] names = new String[16];

  /** Whether nothing of the innermost object or array has been read. */
  private boolean first;

  JsonScanner(String text) {
    this.text = text;
    this.chars = text.toCharArray();
  }

  /** Returns the current token, or null before the first and after the last one. */
  @Nullable JsonToken token() {
    return token;
  }

  /** Returns whether the current token begins an object or array. */
  boolean isStart() {
    return token == JsonToken.START_OBJECT || token == JsonToken.START_ARRAY;
  }

  /** Reads the next token; returns null at the end. */
  @Nullable JsonToken next() throws SyntaxException {
    if (token == JsonToken.STRING) {
      end();
    }
    if (token == JsonToken.FIELD_NAME) {
      skipSpace();
      expect(':');
      skipSpace();
      token = value();
    } else {
      skipSpace();
      if (depth > 0) {
        token = nested();
      } else {
        token = at < chars.length ? value() : null;
      }
    }
    return token;
  }

  private JsonToken nested() throws SyntaxException {
    int level = depth - 1;
    boolean array = indexes[level] != NO_INDEX;
    char c = peek();
    if (c == (array ? ']' : '}')) {
      tokenStart = at++;
      depth--;
      first = false;
      return array ? JsonToken.END_ARRAY : JsonToken.END_OBJECT;
    }
    if (!first) {
      expect(',');
      skipSpace();
    }
    first = false;
    if (array) {
      indexes[level]++;
      return value();
    }
    tokenStart = at;
    expect('"');
    tokenEnd = -1;
    names[level] = text();
    return JsonToken.FIELD_NAME;
  }

  private JsonToken value() throws SyntaxException {
    char c = peek();
    tokenStart = at;
    return switch (c) {
      case '"' -> {
        at++;
        tokenEnd = -1;
        yield JsonToken.STRING;
      }
      case '{' -> open(JsonToken.START_OBJECT, NO_INDEX);
      case '[' -> open(JsonToken.START_ARRAY, -1);
      case 't' -> literal(JsonToken.TRUE, "true");
      case 'f' -> literal(JsonToken.FALSE, "false");
      case 'n' -> literal(JsonToken.NULL, "null");
      default -> number();
    };
  }

  private JsonToken open(JsonToken opened, int index) throws SyntaxException {
    if (depth == MAX_DEPTH) {
      throw new SyntaxException();
    }
    if (depth == indexes.length) {
      indexes = Arrays.copyOf(indexes, 2 * depth);
      names = Arrays.copyOf(names, 2 * depth);
    }
    indexes[depth] = index;
    names[depth] = null;
    depth++;
    first = true;
    at++;
    return opened;
  }

  private JsonToken literal(JsonToken read, String word) throws SyntaxException {
    if (!text.startsWith(word, at)) {
      throw new SyntaxException();
    }
    at += word.length();
    tokenEnd = at;
    if (at < chars.length && Character.isJavaIdentifierPart(chars[at])) {
      throw new SyntaxException();
    }
    return read;
  }

  private JsonToken number() throws SyntaxException {
    if (chars[at] == '-') {
      at++;
    }
    int digits = at;
    skipDigits();
    if (chars[digits] == '0' && at > digits + 1) {
      throw new SyntaxException();
    }
    JsonToken read = JsonToken.INTEGER;
    if (at < chars.length && chars[at] == '.') {
      at++;
      skipDigits();
      read = JsonToken.FLOAT;
    }
    if (at < chars.length && (chars[at] == 'e' || chars[at] == 'E')) {
      at++;
      if (at < chars.length && (chars[at] == '-' || chars[at] == '+')) {
        at++;
      }
      skipDigits();
      read = JsonToken.FLOAT;
    }
    tokenEnd = at;
    if (depth == 0 && at < chars.length && !isSpace(chars[at])) {
      throw new SyntaxException();
    }
    return read;
  }

  /** Skips one digit or more. */
  private void skipDigits() throws SyntaxException {
    int start = at;
    while (at < chars.length && chars[at] >= '0' && chars[at] <= '9') {
      at++;
    }
    if (at == start) {
      throw new SyntaxException();
    }
  }

  /** Goes to the end of a string, whose opening quote has been read. */
  private void end() throws SyntaxException {
    if (tokenEnd >= 0) {
      return;
    }
    escaped = false;
    int i = at;
    while (true) {
      if (i >= chars.length) {
        throw new SyntaxException();
      }
      char c = chars[i++];
      if (c == '"') {
        break;
      }
      if (c < ' ') {
        throw new SyntaxException();
      }
      if (c == '\\') {
        escaped = true;
        i = escapeEnd(i);
      }
    }
    tokenEnd = i - 1;
    at = i;
  }

  /** Returns where the escape ends whose backslash comes before {@code i}. */
  private int escapeEnd(int i) throws SyntaxException {
    if (i >= chars.length) {
      throw new SyntaxException();
    }
    if (chars[i] != 'u') {
      if ("\"\\/bfnrt".indexOf(chars[i]) < 0) {
        throw new SyntaxException();
      }
      return i + 1;
    }
    if (i + 5 > chars.length) {
      throw new SyntaxException();
    }
    for (int k = i + 1; k < i + 5; k++) {
      if (chars[k] >= 128 || Character.digit(chars[k], 16) < 0) {
        throw new SyntaxException();
      }
    }
    return i + 5;
  }

  /** Returns the text of the current token: of a name or string what it stands for. */
  String text() throws SyntaxException {
    boolean quoted = chars[tokenStart] == '"';
    if (!quoted) {
      return text.substring(tokenStart, tokenEnd);
    }
    end();
    return escaped ? unescaped() : text.substring(tokenStart + 1, tokenEnd);
  }

  private String unescaped() {
    StringBuilder out = new StringBuilder(tokenEnd - tokenStart);
    int from = tokenStart + 1;
    int backslash = text.indexOf('\\', from, tokenEnd);
    while (backslash >= 0) {
      out.append(chars, from, backslash - from);
      char escape = chars[backslash + 1];
      from = backslash + 2;
      switch (escape) {
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case 'u' -> {
          out.append((char) Integer.parseInt(text, from, from + 4, 16));
          from += 4;
        }
        default -> out.append(escape);
      }
      backslash = text.indexOf('\\', from, tokenEnd);
    }
    return out.append(chars, from, tokenEnd - from).toString();
  }

  /** Skips the rest of the object or array that the current token begins, if it begins one. */
  void skipChildren() throws SyntaxException {
    if (!isStart()) {
      return;
    }
    int outer = depth - 1;
    while (depth > outer) {
      if (next() == null) {
        throw new SyntaxException();
      }
    }
  }

  private void skipSpace() {
    while (at < chars.length && isSpace(chars[at])) {
      at++;
    }
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
  }

  private void expect(char c) throws SyntaxException {
    if (peek() != c) {
      throw new SyntaxException();
    }
    at++;
  }

  private char peek() throws SyntaxException {
    if (at == chars.length) {
      throw new SyntaxException();
    }
    return chars[at];
  }

  /** Returns the line of the current token, from 1. */
  int line() {
    int line = 1;
    for (int i = 0; i < tokenStart; i++) {
      if (isLineEnd(i)) {
        line++;
      }
    }
    return line;
  }

  /** Returns the column of the current token in UTF-16 units, from 1. */
  int column() {
    int start = tokenStart;
    while (start > 0 && !isLineEnd(start - 1)) {
      start--;
    }
    return tokenStart - start + 1;
  }

  /** Returns whether a line ends with this unit. */
  private boolean isLineEnd(int i) {
    return chars[i] == '\n' || chars[i] == '\r' && (i + 1 == chars.length || chars[i + 1] != '\n');
  }

  /** Returns where the current value is, such as {@code .layers[0].size}; empty for the root. */
  String field() {
    StringBuilder field = new StringBuilder();
    int levels = isStart() ? depth - 1 : depth;
    for (int i = 0; i < levels; i++) {
      if (indexes[i] == NO_INDEX) {
        field.append('.').append(names[i]);
      } else {
        field.append('[').append(indexes[i]).append(']');
      }
    }
    return field.toString();
  }

  /** Returns whether the current token begins the root value, an object or array. */
  boolean isRootStart() {
    return isStart() && depth == 1;
  }
}
