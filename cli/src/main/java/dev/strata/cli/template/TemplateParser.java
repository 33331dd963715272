package dev.strata.cli.template;

import dev.strata.io.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Splits a template into text and actions, and parses blocks. Used once. */
final class TemplateParser {
  private static final String OPEN = "{{";
  private static final String CLOSE = "}}";

  private final String text;
  private int at;
  private int loops;
  private boolean trimNext;

  /** The action that ended a block: {@code end} or {@code else …}. */
  private String ending = "";

  TemplateParser(String text) {
    this.text = text;
  }

  List<Node> parse() {
    List<Node> nodes = block();
    if (!ending.isEmpty()) {
      throw TemplateError.parsing(OPEN + ending + CLOSE, "unexpected '" + ending + "'");
    }
    return nodes;
  }

  /** Parses up to the end of the block, or of the template. */
  private List<Node> block() {
    List<Node> nodes = new ArrayList<>();
    while (true) {
      int open = text.indexOf(OPEN, at);
      String between = text.substring(at, open < 0 ? text.length() : open);
      between = trimNext ? between.stripLeading() : between;
      boolean trim = open >= 0 && isTrim(open + 2);
      between = trim ? between.stripTrailing() : between;
      if (!between.isEmpty()) {
        nodes.add(new Node.Text(between));
      }
      if (open < 0) {
        at = text.length();
        ending = "";
        return nodes;
      }
      at = open + (trim ? 4 : 2);
      String action = action();
      if (action.startsWith("/*")) {
        continue;
      }
      if (action.equals("end") || action.equals("else") || action.matches("(?s)else\\s.*")) {
        ending = action;
        return nodes;
      }
      nodes.add(node(action));
    }
  }

  private boolean isTrim(int position) {
    return text.startsWith("-", position)
        && position + 1 < text.length()
        && Character.isWhitespace(text.charAt(position + 1));
  }

  /** Returns the text of an action, without trim markers, and moves behind it. */
  private String action() {
    int start = at;
    int i = at;
    while (i < text.length() && Character.isWhitespace(text.charAt(i))) {
      i++;
    }
    if (text.startsWith("/*", i)) {
      int end = text.indexOf("*/", i);
      i = end < 0 ? text.length() : end + 2;
    }
    while (!text.startsWith(CLOSE, i)) {
      if (i >= text.length()) {
        throw TemplateError.parsing(OPEN + text.substring(start), "missing '}}'");
      }
      char c = text.charAt(i);
      i = c == '"' || c == '\'' || c == '`' ? closingQuote(i) + 1 : i + 1;
    }
    at = i + 2;
    trimNext = i - 2 >= start && text.charAt(i - 1) == '-' && isSpace(i - 2);
    return text.substring(start, trimNext ? i - 1 : i).strip();
  }

  private boolean isSpace(int position) {
    return Character.isWhitespace(text.charAt(position));
  }

  private int closingQuote(int open) {
    char quote = text.charAt(open);
    for (int i = open + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == quote) {
        return i;
      }
      if (c == '\\' && quote != '`') {
        i++;
      } else if (c == '\n' && quote != '`') {
        break;
      }
    }
    throw TemplateError.parsing(OPEN + text.substring(open), "unterminated quoted string");
  }

  private Node node(String action) {
    int space = 0;
    while (space < action.length() && Character.isLetter(action.charAt(space))) {
      space++;
    }
    String word = action.substring(0, space);
    String rest = action.substring(space).strip();
    return switch (word) {
      case "if" -> choice(false, rest);
      case "with" -> choice(true, rest);
      case "range" -> loop(rest);
      case "break" -> jump(action, Node.Flow.BREAK);
      case "continue" -> jump(action, Node.Flow.CONTINUE);
      case "define", "template", "block" ->
          throw TemplateError.parsing(
              OPEN + action + CLOSE, "named templates are not supported: '" + word + "'");
      default -> new Node.Action(pipeline(action, false));
    };
  }

  private Node jump(String action, Node.Flow flow) {
    if (loops == 0 || !action.chars().allMatch(Character::isLetter)) {
      throw TemplateError.parsing(OPEN + action + CLOSE, "'" + action + "' outside of a 'range'");
    }
    return new Node.Jump(flow);
  }

  private Node choice(boolean movesDot, String condition) {
    Pipeline pipeline = condition(movesDot ? "with" : "if", condition, false);
    List<Node> then = block();
    return new Node.Choice(movesDot, pipeline, then, otherwise(movesDot ? "with" : "if"));
  }

  private Node loop(String over) {
    Pipeline pipeline = condition("range", over, true);
    loops++;
    List<Node> body = block();
    loops--;
    return new Node.Loop(pipeline, body, otherwise(null));
  }

  /**
   * Parses what follows a block up to its {@code end}.
   *
   * @param chained the word that may follow {@code else}, or null
   */
  private List<Node> otherwise(@Nullable String chained) {
    if (ending.equals("end")) {
      return List.of();
    }
    if (ending.isEmpty()) {
      throw TemplateError.parsing(text.strip(), "missing '{{end}}'");
    }
    String rest = ending.substring("else".length()).strip();
    if (rest.isEmpty()) {
      List<Node> nodes = block();
      if (!ending.equals("end")) {
        throw TemplateError.parsing(text.strip(), "missing '{{end}}'");
      }
      return nodes;
    }
    if (chained == null || !rest.matches("(?s)" + chained + "\\b.*")) {
      throw TemplateError.parsing(OPEN + ending + CLOSE, "unexpected '" + rest + "' after 'else'");
    }
    return List.of(choice(chained.equals("with"), rest.substring(chained.length()).strip()));
  }

  private static Pipeline condition(String word, String value, boolean range) {
    if (value.isEmpty()) {
      throw TemplateError.parsing(OPEN + word + CLOSE, "missing value");
    }
    return pipeline(value, range);
  }

  private static Pipeline pipeline(String action, boolean range) {
    try {
      return new PipelineParser(action, range).parse();
    } catch (NumberFormatException e) {
      throw new InvalidInputException("cannot read the template: invalid number", e);
    }
  }
}
