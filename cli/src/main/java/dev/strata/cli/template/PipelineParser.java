package dev.strata.cli.template;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses the pipeline of an action. Used once. */
final class PipelineParser {
  private static final Pattern DECLARATION =
      Pattern.compile("(\\$\\w*)(?:\\s*,\\s*(\\$\\w*))?\\s*(:?=)(?!=)");
  private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_]*");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(?:0[xX][0-9a-fA-F_]+|[0-9][0-9_]*(?:\\.[0-9]*)?(?:[eE][+-]?[0-9]+)?)");

  private final String text;
  private final boolean range;
  private int at;

  PipelineParser(String text, boolean range) {
    this.text = text;
    this.range = range;
  }

  Pipeline parse() {
    Pipeline pipeline = pipeline(range);
    if (at < text.length()) {
      throw unexpected();
    }
    return pipeline;
  }

  private Pipeline pipeline(boolean two) {
    skipSpace();
    List<String> variables = new ArrayList<>();
    Matcher m = DECLARATION.matcher(text).region(at, text.length());
    boolean declares = false;
    if (m.lookingAt()) {
      variables.add(m.group(1));
      if (m.group(2) != null) {
        if (!two) {
          throw TemplateError.parsing(text, "two variables outside of a 'range'");
        }
        variables.add(m.group(2));
      }
      declares = m.group(3).equals(":=");
      at = m.end();
    }
    List<Expression> commands = new ArrayList<>();
    do {
      commands.add(command());
    } while (accept('|'));
    return new Pipeline(variables, declares, commands);
  }

  /** Parses an operand or a call with arguments. */
  private Expression command() {
    skipSpace();
    int start = at;
    Matcher name = NAME.matcher(text).region(at, text.length());
    if (name.lookingAt() && !isConstant(name.group())) {
      at = name.end();
      if (!GoFunctions.NAMES.contains(name.group())) {
        throw TemplateError.parsing(
            text,
            "unknown function '"
                + name.group()
                + "' (supported are "
                + String.join(", ", new TreeSet<>(GoFunctions.NAMES))
                + ")");
      }
      return new Expression.Call(name.group(), arguments());
    }
    Expression first = operand();
    List<Expression> arguments = arguments();
    if (arguments.isEmpty()) {
      return first;
    }
    if (first instanceof Expression.Member member) {
      return new Expression.Member(member.of(), member.name(), arguments);
    }
    at = start;
    throw TemplateError.parsing(text, "only a function can have arguments");
  }

  private static boolean isConstant(String name) {
    return name.equals("true") || name.equals("false") || name.equals("nil");
  }

  private List<Expression> arguments() {
    List<Expression> arguments = new ArrayList<>();
    while (true) {
      boolean spaced = skipSpace();
      if (at >= text.length() || text.charAt(at) == '|' || text.charAt(at) == ')') {
        return arguments;
      }
      if (!spaced && text.charAt(at) != '(') {
        throw unexpected();
      }
      Matcher name = NAME.matcher(text).region(at, text.length());
      if (name.lookingAt() && GoFunctions.NAMES.contains(name.group())) {
        at = name.end();
        arguments.add(new Expression.Call(name.group(), List.of()));
      } else {
        arguments.add(operand());
      }
    }
  }

  private Expression operand() {
    if (at >= text.length()) {
      throw TemplateError.parsing(text, "missing value");
    }
    char c = text.charAt(at);
    Expression operand;
    if (c == '(') {
      at++;
      operand = new Expression.Group(pipeline(false));
      if (!accept(')')) {
        throw TemplateError.parsing(text, "missing ')'");
      }
    } else if (c == '.') {
      // A field follows, or nothing.
      operand = new Expression.Dot();
      if (!NAME.matcher(text).region(at + 1, text.length()).lookingAt()) {
        at++;
        return operand;
      }
    } else if (c == '$') {
      int start = at++;
      while (at < text.length() && isWordPart(text.charAt(at))) {
        at++;
      }
      operand = new Expression.Variable(text.substring(start, at));
    } else {
      return constant(c);
    }
    while (at < text.length() && text.charAt(at) == '.') {
      Matcher name = NAME.matcher(text).region(at + 1, text.length());
      if (!name.lookingAt()) {
        throw unexpected();
      }
      at = name.end();
      operand = new Expression.Member(operand, name.group(), List.of());
    }
    return operand;
  }

  private static boolean isWordPart(char c) {
    return Character.isLetterOrDigit(c) || c == '_';
  }

  private Expression constant(char c) {
    if (c == '"' || c == '\'' || c == '`') {
      return quoted(c);
    }
    Matcher number = NUMBER.matcher(text).region(at, text.length());
    if (number.lookingAt()) {
      at = number.end();
      return new Expression.Constant(number(number.group()));
    }
    Matcher name = NAME.matcher(text).region(at, text.length());
    if (name.lookingAt() && isConstant(name.group())) {
      at = name.end();
      return new Expression.Constant(
          name.group().equals("nil") ? null : Boolean.valueOf(name.group()));
    }
    throw name.lookingAt()
        ? TemplateError.parsing(text, "unknown function '" + name.group() + "'")
        : unexpected();
  }

  private static Object number(String digits) {
    String plain = digits.replace("_", "");
    if (plain.matches("[+-]?0[xX].*")) {
      return Long.decode(plain);
    }
    return plain.matches("[+-]?\\d+") ? (Object) Long.valueOf(plain) : Double.valueOf(plain);
  }

  private Expression quoted(char quote) {
    int close = at + 1;
    while (text.charAt(close) != quote) {
      close += text.charAt(close) == '\\' && quote != '`' ? 2 : 1;
    }
    String inside = text.substring(at + 1, close);
    at = close + 1;
    if (quote == '`') {
      return new Expression.Constant(inside);
    }
    String value = unquoted(inside);
    if (quote == '"') {
      return new Expression.Constant(value);
    }
    if (value.codePointCount(0, value.length()) != 1) {
      throw TemplateError.parsing(text, "a string needs double quotes");
    }
    return new Expression.Constant((long) value.codePointAt(0));
  }

  private String unquoted(String inside) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < inside.length(); i++) {
      char c = inside.charAt(i);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      char kind = inside.charAt(++i);
      int simple = "abfnrtv\\'\"".indexOf(kind);
      int digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
      if (simple >= 0) {
        out.append("\u0007\b\f\n\r\t\u000b\\'\"".charAt(simple));
      } else if (digits > 0 && i + digits < inside.length()) {
        int point = Integer.parseInt(inside, i + 1, i + 1 + digits, 16);
        if (!Character.isValidCodePoint(point)) {
          throw TemplateError.parsing(text, "unknown escape '\\" + kind + "'");
        }
        out.appendCodePoint(point);
        i += digits;
      } else {
        throw TemplateError.parsing(text, "unknown escape '\\" + kind + "'");
      }
    }
    return out.toString();
  }

  private boolean accept(char c) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == c) {
      at++;
      return true;
    }
    return false;
  }

  private boolean skipSpace() {
    int start = at;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at > start;
  }

  private RuntimeException unexpected() {
    return TemplateError.parsing(
        text, "unexpected " + (at < text.length() ? "'" + text.charAt(at) + "'" : "end"));
  }
}
