package dev.strata.internal.json;

import dev.strata.io.FileNames;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Writes JSON to the byte as Go's {@code json.Marshal} and {@code json.MarshalIndent(v, "", "\t")}
 * do: HTML characters, U+2028 and U+2029 are escaped, bytes that are not UTF-8 become {@code
 * \ufffd}, and empty arrays and objects are written on one line. Not thread-safe.
 */
public final class JsonOutput {
  /** The order of map keys: that of their UTF-8 bytes. */
  public static final Comparator<String> KEY_ORDER = JsonOutput::compareKeys;

  private static final String HEX = "0123456789abcdef";

  /** ASCII characters that are never escaped. */
  private static final boolean[] PLAIN = new boolean[0x7f];

  static {
    Arrays.fill(PLAIN, 0x20, PLAIN.length, true);
    for (char c : new char[] {'"', '\\', '<', '>', '&'}) {
      PLAIN[c] = false;
    }
  }

  private final StringBuilder out = new StringBuilder();
  private final boolean indented;
  private final boolean forHtml;
  private int depth;
  private boolean first = true;
  private boolean afterName;

  private JsonOutput(boolean indented, boolean forHtml) {
    this.indented = indented;
    this.forHtml = forHtml;
  }

  /** Compares UTF-8 bytes, whose order is that of the characters unless one is a surrogate. */
  private static int compareKeys(String a, String b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      char c = a.charAt(i);
      char d = b.charAt(i);
      if (c != d) {
        return Character.isSurrogate(c) || Character.isSurrogate(d)
            ? Arrays.compareUnsigned(FileNames.encode(a), FileNames.encode(b))
            : Character.compare(c, d);
      }
    }
    return Integer.compare(a.length(), b.length());
  }

  /**
   * Starts a text on one line.
   *
   * @return an empty output
   */
  public static JsonOutput compact() {
    return new JsonOutput(false, true);
  }

  /**
   * Starts a text with one line per value, indented with tabs.
   *
   * @return an empty output
   */
  public static JsonOutput indented() {
    return new JsonOutput(true, true);
  }

  /**
   * Starts a text as {@link #indented}, in which HTML characters are not escaped, so that people
   * can read and search it.
   *
   * @return an empty output
   */
  public static JsonOutput readable() {
    return new JsonOutput(true, false);
  }

  /**
   * Opens an object.
   *
   * @return this
   */
  public JsonOutput beginObject() {
    return open('{');
  }

  /**
   * Closes an object.
   *
   * @return this
   */
  public JsonOutput endObject() {
    return close('}');
  }

  /**
   * Opens an array.
   *
   * @return this
   */
  public JsonOutput beginArray() {
    return open('[');
  }

  /**
   * Closes an array.
   *
   * @return this
   */
  public JsonOutput endArray() {
    return close(']');
  }

  /**
   * Writes the key of the next value.
   *
   * @param name the key
   * @return this
   */
  public JsonOutput name(String name) {
    separate();
    quote(name);
    out.append(indented ? ": " : ":");
    afterName = true;
    return this;
  }

  /**
   * Writes a string.
   *
   * @param value the string, in which {@link FileNames} has escaped bytes that are not UTF-8
   * @return this
   */
  public JsonOutput string(String value) {
    separate();
    quote(value);
    return this;
  }

  /**
   * Writes a number.
   *
   * @param value the number
   * @return this
   */
  public JsonOutput number(long value) {
    separate();
    out.append(value);
    return this;
  }

  /**
   * Writes a boolean.
   *
   * @param value the value
   * @return this
   */
  public JsonOutput bool(boolean value) {
    separate();
    out.append(value);
    return this;
  }

  /**
   * Writes a value that is JSON already.
   *
   * @param value a value on one line, as {@link JsonInput#json} returns it
   * @return this
   */
  public JsonOutput json(String value) {
    separate();
    out.append(value);
    return this;
  }

  /**
   * Writes {@code null}.
   *
   * @return this
   */
  public JsonOutput nullValue() {
    separate();
    out.append("null");
    return this;
  }

  /**
   * Writes a key with a string.
   *
   * @param name the key
   * @param value its value
   * @return this
   */
  public JsonOutput field(String name, String value) {
    return name(name).string(value);
  }

  /**
   * Writes a key with a string, unless the string is empty.
   *
   * @param name the key
   * @param value its value
   * @return this
   */
  public JsonOutput fieldUnlessEmpty(String name, String value) {
    return value.isEmpty() ? this : field(name, value);
  }

  /**
   * Writes a key with a number.
   *
   * @param name the key
   * @param value its value
   * @return this
   */
  public JsonOutput field(String name, long value) {
    return name(name).number(value);
  }

  private JsonOutput open(char bracket) {
    separate();
    out.append(bracket);
    depth++;
    first = true;
    return this;
  }

  private JsonOutput close(char bracket) {
    depth--;
    if (!first) {
      newLine();
    }
    out.append(bracket);
    first = false;
    return this;
  }

  private void separate() {
    if (afterName) {
      afterName = false;
      return;
    }
    if (!first) {
      out.append(',');
    }
    if (depth > 0) {
      newLine();
    }
    first = false;
  }

  private void newLine() {
    if (indented) {
      out.append('\n');
      out.repeat('\t', depth);
    }
  }

  private void quote(String s) {
    out.append('"');
    int plain = plainStart(s);
    out.append(s, 0, plain);
    for (int i = plain; i < s.length(); i++) {
      char c = s.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          boolean html = forHtml && (c == '<' || c == '>' || c == '&');
          if (c < 0x20 || html || c == 0x2028 || c == 0x2029) {
            escape(c);
          } else if (isLoneSurrogate(s, i)) {
            out.append("\\ufffd");
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  /** Returns how many characters at the start of a text stand for themselves. */
  private static int plainStart(String s) {
    int length = s.length();
    for (int i = 0; i < length; i++) {
      char c = s.charAt(i);
      if (c >= PLAIN.length || !PLAIN[c]) {
        return i;
      }
    }
    return length;
  }

  private static boolean isLoneSurrogate(String s, int i) {
    char c = s.charAt(i);
    if (Character.isHighSurrogate(c)) {
      return i + 1 == s.length() || !Character.isLowSurrogate(s.charAt(i + 1));
    }
    return Character.isLowSurrogate(c) && (i == 0 || !Character.isHighSurrogate(s.charAt(i - 1)));
  }

  private void escape(char c) {
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      out.append(HEX.charAt(c >> shift & 15));
    }
  }

  /**
   * Returns the text written so far.
   *
   * @return the JSON
   */
  @Override
  public String toString() {
    return out.toString();
  }
}
