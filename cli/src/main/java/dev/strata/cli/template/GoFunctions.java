package dev.strata.cli.template;

import dev.strata.cli.terminal.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The functions of text/template, and those that Skopeo adds. */
final class GoFunctions {
  static final Set<String> NAMES =
      Set.of(
          "and",
          "eq",
          "ge",
          "gt",
          "html",
          "index",
          "join",
          "js",
          "json",
          "le",
          "len",
          "lower",
          "lt",
          "ne",
          "not",
          "or",
          "pad",
          "print",
          "printf",
          "println",
          "slice",
          "split",
          "title",
          "truncate",
          "upper",
          "urlquery");

  private GoFunctions() {}

  static @Nullable Object call(String name, List<@Nullable Object> arguments) {
    return switch (name) {
      case "not" -> !GoFormat.isTrue(only(name, arguments));
      case "len" -> length(only(name, arguments));
      case "index" -> index(arguments);
      case "slice" -> slice(arguments);
      case "print" -> print(arguments);
      case "println" -> String.join(" ", arguments.stream().map(GoFormat::plain).toList()) + "\n";
      case "printf" -> GoPrintf.format(arguments);
      case "html" -> html(print(arguments));
      case "js" -> js(print(arguments));
      case "urlquery" -> urlQuery(print(arguments));
      case "json" -> JsonText.goEncoded(GoFormat.json(only(name, arguments)));
      case "lower" -> string(name, arguments, 1, 0).toLowerCase(Locale.ROOT);
      case "upper" -> string(name, arguments, 1, 0).toUpperCase(Locale.ROOT);
      case "title" -> title(string(name, arguments, 1, 0));
      case "join" -> join(arguments);
      case "split" -> split(string(name, arguments, 2, 0), string(name, arguments, 2, 1));
      case "pad" -> {
        String text = string(name, arguments, 3, 0);
        String before = " ".repeat((int) number(name, arguments, 1));
        yield text.isEmpty() ? "" : before + text + " ".repeat((int) number(name, arguments, 2));
      }
      case "truncate" -> {
        byte[] text = utf8(string(name, arguments, 2, 0));
        int length = Math.clamp(number(name, arguments, 1), 0, text.length);
        yield new String(text, 0, length, StandardCharsets.UTF_8);
      }
      default -> compare(name, arguments);
    };
  }

  private static @Nullable Object only(String name, List<@Nullable Object> arguments) {
    checkCount(name, arguments, 1);
    return arguments.getFirst();
  }

  private static void checkCount(String name, List<@Nullable Object> arguments, int count) {
    if (arguments.size() != count) {
      throw TemplateError.applying(
          "'"
              + name
              + "' takes "
              + count
              + (count == 1 ? " argument" : " arguments")
              + ", got "
              + arguments.size());
    }
  }

  /** Returns an argument that must be a string, of a function with some number of arguments. */
  static String string(String name, List<@Nullable Object> arguments, int count, int position) {
    checkCount(name, arguments, count);
    Object value = arguments.get(position);
    if (value instanceof String || value instanceof GoDigest) {
      return value.toString();
    }
    throw TemplateError.applying("'" + name + "' requires a string, got " + GoFormat.kind(value));
  }

  private static long number(String name, List<@Nullable Object> arguments, int position) {
    if (arguments.get(position) instanceof Long number) {
      return number;
    }
    throw TemplateError.applying(
        "'" + name + "' requires a whole number, got " + GoFormat.kind(arguments.get(position)));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static long length(@Nullable Object value) {
    return switch (value) {
      case String s -> utf8(s).length;
      case GoDigest d -> d.value().length();
      case GoList list -> list.elements().size();
      case GoMap map -> map.entries().size();
      case null, default ->
          throw TemplateError.applying(
              "'len' requires a string, a list or a map, got " + GoFormat.kind(value));
    };
  }

  private static @Nullable Object index(List<@Nullable Object> arguments) {
    if (arguments.isEmpty()) {
      throw TemplateError.applying("'index' requires a list or a map");
    }
    Object value = arguments.getFirst();
    for (int i = 1; i < arguments.size(); i++) {
      Object key = arguments.get(i);
      if (value instanceof GoMap map && (key instanceof String || key instanceof GoDigest)) {
        value = map.entries().getOrDefault(key.toString(), map.absent());
      } else if (value instanceof GoList list && key instanceof Long at) {
        value = list.elements().get(position("index", at, list.elements().size() - 1));
      } else if (value instanceof String text && key instanceof Long at) {
        value = (long) (utf8(text)[position("index", at, utf8(text).length - 1)] & 0xFF);
      } else {
        throw TemplateError.applying(
            "'index' cannot use "
                + GoFormat.kind(key)
                + " as the index of "
                + GoFormat.kind(value));
      }
    }
    return value;
  }

  private static int position(String function, long at, long last) {
    if (at < 0 || at > last) {
      throw TemplateError.applying("'" + function + "': the index " + at + " is out of range");
    }
    return (int) at;
  }

  private static Object slice(List<@Nullable Object> arguments) {
    if (arguments.isEmpty() || arguments.size() > 3) {
      throw TemplateError.applying("'slice' requires a string or a list and at most two indexes");
    }
    Object value = arguments.getFirst();
    int size = (int) length(value instanceof GoMap ? null : value);
    int to = arguments.size() > 2 ? position("slice", number("slice", arguments, 2), size) : size;
    int from = arguments.size() > 1 ? position("slice", number("slice", arguments, 1), to) : 0;
    return value instanceof GoList list
        ? GoList.of(list.elements().subList(from, to))
        : new String(
            Arrays.copyOfRange(utf8(String.valueOf(value)), from, to), StandardCharsets.UTF_8);
  }

  /** Prints values with spaces between those that are not strings. */
  private static String print(List<@Nullable Object> values) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < values.size(); i++) {
      boolean apart = i > 0 && !isString(values.get(i - 1)) && !isString(values.get(i));
      out.append(apart ? " " : "").append(GoFormat.plain(values.get(i)));
    }
    return out.toString();
  }

  private static boolean isString(@Nullable Object value) {
    return value instanceof String || value instanceof GoDigest;
  }

  private static String join(List<@Nullable Object> arguments) {
    String separator = string("join", arguments, 2, 1);
    if (!(arguments.getFirst() instanceof GoList list)) {
      throw TemplateError.applying(
          "'join' requires a list, got " + GoFormat.kind(arguments.getFirst()));
    }
    List<String> texts = new ArrayList<>();
    for (Object element : list.elements()) {
      if (!isString(element)) {
        throw TemplateError.applying("'join' requires a list of strings");
      }
      texts.add(String.valueOf(element));
    }
    return String.join(separator, texts);
  }

  private static GoList split(String text, String separator) {
    List<String> parts = new ArrayList<>();
    int from = 0;
    if (separator.isEmpty()) {
      text.codePoints().forEach(c -> parts.add(Character.toString(c)));
      return GoList.of(parts);
    }
    for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
      parts.add(text.substring(from, at));
      from = at + separator.length();
    }
    parts.add(text.substring(from));
    return GoList.of(parts);
  }

  private static String title(String text) {
    StringBuilder out = new StringBuilder();
    boolean inside = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      out.append(inside ? c : Character.toTitleCase(c));
      inside = Character.isLetterOrDigit(c) || c == '_' || c == '\'';
    }
    return out.toString();
  }

  private static String html(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("&#34;");
        case '\'' -> out.append("&#39;");
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        default -> out.append(c == 0 ? '\uFFFD' : c);
      }
    }
    return out.toString();
  }

  private static String js(String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' || c == '\'' || c == '"') {
        out.append('\\').append(c);
      } else if (c < ' ' || "<>&=".indexOf(c) >= 0) {
        out.append(String.format(Locale.ROOT, "\\u%04X", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static String urlQuery(String text) {
    return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  private static boolean compare(String name, List<@Nullable Object> arguments) {
    boolean several = name.equals("eq");
    if (arguments.size() < 2 || !several && arguments.size() > 2) {
      throw TemplateError.applying("'" + name + "' requires two values to compare");
    }
    Object first = arguments.getFirst();
    for (Object other : arguments.subList(1, arguments.size())) {
      boolean holds =
          switch (name) {
            case "eq" -> isEqual(first, other);
            case "ne" -> !isEqual(first, other);
            case "lt" -> order(name, first, other) < 0;
            case "le" -> order(name, first, other) <= 0;
            case "gt" -> order(name, first, other) > 0;
            default -> order(name, first, other) >= 0;
          };
      if (holds) {
        return true;
      }
    }
    return false;
  }

  private static boolean isMissing(@Nullable Object value) {
    return value == null || value instanceof GoFormat.NoValue;
  }

  private static boolean isEqual(@Nullable Object a, @Nullable Object b) {
    if (isMissing(a) || isMissing(b)) {
      return isMissing(a) && isMissing(b);
    }
    if (a instanceof Boolean && b instanceof Boolean) {
      return a.equals(b);
    }
    return order("eq", a, b) == 0;
  }

  private static int order(String name, @Nullable Object a, @Nullable Object b) {
    if (isString(a) && isString(b)) {
      return Arrays.compareUnsigned(utf8(String.valueOf(a)), utf8(String.valueOf(b)));
    }
    if (a instanceof Long first && b instanceof Long second) {
      return Long.compare(first, second);
    }
    if (a instanceof Double first && b instanceof Double second) {
      return Double.compare(first, second);
    }
    throw TemplateError.applying(
        "'" + name + "' cannot compare " + GoFormat.kind(a) + " with " + GoFormat.kind(b));
  }
}
