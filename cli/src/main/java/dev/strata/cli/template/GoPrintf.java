package dev.strata.cli.template;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code printf} with the verbs v, s, q, d, x, X, f and t, and their flags and widths. */
final class GoPrintf {
  private static final Pattern VERB =
      Pattern.compile("%([-+ 0#]*)(\\d*)(?:\\.(\\d*))?(.?)", Pattern.DOTALL);
  private static final int MAX_WIDTH = 1000;

  private GoPrintf() {}

  static String format(List<@Nullable Object> arguments) {
    if (arguments.isEmpty() || !(arguments.getFirst() instanceof String form)) {
      throw TemplateError.applying("'printf' requires a string as its first argument");
    }
    StringBuilder out = new StringBuilder();
    Matcher m = VERB.matcher(form);
    int end = 0;
    int next = 1;
    while (m.find()) {
      out.append(form, end, m.start());
      end = m.end();
      if (m.group(4).equals("%")) {
        out.append('%');
      } else if (next < arguments.size()) {
        out.append(padded(m, verb(m, arguments.get(next++))));
      } else {
        out.append("%!").append(m.group(4)).append("(MISSING)");
      }
    }
    return out.append(form, end, form.length()).toString();
  }

  private static String verb(Matcher m, @Nullable Object value) {
    String verb = m.group(4);
    String precision = m.group(3);
    String text = GoFormat.plain(value);
    return switch (verb) {
      case "v", "s" -> {
        boolean cut = precision != null && value instanceof String;
        int[] points = text.codePoints().toArray();
        int limit = cut ? Math.min(number(precision), points.length) : points.length;
        yield new String(points, 0, limit);
      }
      case "q" -> quoted(value);
      case "d" -> {
        if (!(value instanceof Long)) {
          throw wrong(verb, value);
        }
        yield m.group(1).contains("+") && !text.startsWith("-") ? "+" + text : text;
      }
      case "t" -> {
        if (!(value instanceof Boolean)) {
          throw wrong(verb, value);
        }
        yield text;
      }
      case "x", "X" -> {
        String hex = hex(value);
        yield verb.equals("X") ? hex.toUpperCase(Locale.ROOT) : hex;
      }
      case "f" -> {
        if (!(value instanceof Double number)) {
          throw wrong(verb, value);
        }
        int digits = precision == null ? 6 : number(precision);
        yield String.format(Locale.ROOT, "%." + digits + "f", number);
      }
      default ->
          throw TemplateError.applying(
              "'printf' does not support %" + verb + "; supported are %v %s %q %d %x %X %f %t %%");
    };
  }

  private static RuntimeException wrong(String verb, @Nullable Object value) {
    return TemplateError.applying(
        "'printf' cannot print " + GoFormat.kind(value) + " with %" + verb);
  }

  private static int number(String digits) {
    if (digits.length() > 4 || !digits.isEmpty() && Integer.parseInt(digits) > MAX_WIDTH) {
      throw TemplateError.applying("'printf' pads to at most " + MAX_WIDTH + " characters");
    }
    return digits.isEmpty() ? 0 : Integer.parseInt(digits);
  }

  private static String padded(Matcher m, String text) {
    int missing = number(m.group(2)) - text.codePointCount(0, text.length());
    if (missing <= 0) {
      return text;
    }
    if (m.group(1).contains("-")) {
      return text + " ".repeat(missing);
    }
    boolean zeros = m.group(1).contains("0") && m.group(4).matches("[dxXf]");
    boolean signed = zeros && (text.startsWith("-") || text.startsWith("+"));
    return (signed ? text.substring(0, 1) : "")
        + (zeros ? "0" : " ").repeat(missing)
        + (signed ? text.substring(1) : text);
  }

  private static String hex(@Nullable Object value) {
    if (value instanceof Long number) {
      return number < 0 ? "-" + Long.toHexString(-number) : Long.toHexString(number);
    }
    if (!(value instanceof String) && !(value instanceof GoDigest)) {
      throw wrong("x", value);
    }
    StringBuilder out = new StringBuilder();
    for (byte b : value.toString().getBytes(StandardCharsets.UTF_8)) {
      out.append(String.format(Locale.ROOT, "%02x", b));
    }
    return out.toString();
  }

  /** Quotes strings, also those in a list, as strconv.Quote does. */
  private static String quoted(@Nullable Object value) {
    if (value instanceof GoList list) {
      return "[" + String.join(" ", list.elements().stream().map(GoPrintf::quoted).toList()) + "]";
    }
    if (!(value instanceof String) && !(value instanceof GoDigest)) {
      throw wrong("q", value);
    }
    StringBuilder out = new StringBuilder("\"");
    value.toString().codePoints().forEach(c -> quote(out, c));
    return out.append('"').toString();
  }

  private static void quote(StringBuilder out, int c) {
    String simple = "\u0007\b\f\n\r\t\u000b\"\\";
    int at = simple.indexOf(c);
    if (at >= 0) {
      out.append('\\').append("abfnrtv\"\\".charAt(at));
    } else if (c < ' ' || c == 0x7F) {
      out.append(String.format(Locale.ROOT, "\\x%02x", c));
    } else if (isPrintable(c)) {
      out.appendCodePoint(c);
    } else {
      out.append(String.format(Locale.ROOT, c > 0xFFFF ? "\\U%08x" : "\\u%04x", c));
    }
  }

  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
