package dev.strata.internal.regex;

import dev.strata.internal.regex.Node.Chars;
import dev.strata.internal.regex.Node.Choice;
import dev.strata.internal.regex.Node.Position;
import dev.strata.internal.regex.Node.Repeat;
import dev.strata.internal.regex.Node.Sequence;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Parses RE2's syntax (https://github.com/google/re2/wiki/Syntax), except for rare elements, for
 * which it throws. Expressions must have been accepted by RE2 already. Groups do not capture, and
 * greediness is ignored: both only matter to what a match consists of. Not thread-safe.
 */
final class Parser {
  private static final int DEEPEST = 100;
  private static final int MOST_REPEATS = 1000;
  private static final Node ANY = new Chars(CharSet.ALL);
  private static final Node NOT_NEWLINE = new Chars(CharSet.range('\n', '\n').complement());

  private final String regex;
  private int at;
  private int depth;
  private boolean foldCase;
  private boolean dotMatchesNewline;
  private boolean multiLine;

  private Parser(String regex) {
    this.regex = regex;
  }

  /**
   * Parses an expression.
   *
   * @throws UnsupportedRegexException if it has elements that only RE2 supports
   */
  static Node parse(String regex) throws UnsupportedRegexException {
    Parser parser = new Parser(regex);
    Node node = parser.choice();
    parser.require(parser.at == regex.length());
    return node;
  }

  private void require(boolean supported) throws UnsupportedRegexException {
    if (!supported) {
      throw new UnsupportedRegexException(regex);
    }
  }

  private boolean skip(String expected) {
    boolean found = regex.startsWith(expected, at);
    at += found ? expected.length() : 0;
    return found;
  }

  private int next() throws UnsupportedRegexException {
    require(at < regex.length());
    int c = regex.codePointAt(at);
    at += Character.charCount(c);
    return c;
  }

  /** Parses until the end of the group or of the expression. */
  private Node choice() throws UnsupportedRegexException {
    require(++depth <= DEEPEST);
    List<Node> choices = new ArrayList<>();
    List<Node> sequence = new ArrayList<>();
    while (at < regex.length() && regex.charAt(at) != ')') {
      if (skip("|")) {
        choices.add(new Sequence(sequence));
        sequence = new ArrayList<>();
      } else {
        element(sequence);
      }
    }
    choices.add(new Sequence(sequence));
    depth--;
    return choices.size() == 1 ? choices.get(0) : new Choice(choices);
  }

  /** Parses an element and adds it to a sequence, or a quantifier of the last element. */
  private void element(List<Node> sequence) throws UnsupportedRegexException {
    int start = at;
    int c = next();
    switch (c) {
      case '*' -> repeat(sequence, 0, Repeat.UNLIMITED);
      case '+' -> repeat(sequence, 1, Repeat.UNLIMITED);
      case '?' -> repeat(sequence, 0, 1);
      case '{' -> {
        if (!counts(sequence)) {
          at = start + 1;
          sequence.add(literal(c));
        }
      }
      case '(' -> group(sequence);
      case '[' -> sequence.add(new Chars(charClass()));
      case '.' -> sequence.add(dotMatchesNewline ? ANY : NOT_NEWLINE);
      case '^' ->
          sequence.add(new Position(multiLine ? Assertion.BEGIN_LINE : Assertion.BEGIN_TEXT));
      case '$' -> sequence.add(new Position(multiLine ? Assertion.END_LINE : Assertion.END_TEXT));
      case '\\' -> sequence.add(escape());
      default -> sequence.add(literal(c));
    }
  }

  private void repeat(List<Node> sequence, int min, int max) throws UnsupportedRegexException {
    require(!sequence.isEmpty());
    Node last = sequence.remove(sequence.size() - 1);
    sequence.add(new Repeat(last, min, max));
    skip("?");
  }

  /** Parses the numbers of a quantifier; returns false if the brace is a literal. */
  private boolean counts(List<Node> sequence) throws UnsupportedRegexException {
    int min = number();
    int max = min;
    if (skip(",")) {
      max = regex.startsWith("}", at) ? Repeat.UNLIMITED : number();
      if (max < 0 && !regex.startsWith("}", at)) {
        return false;
      }
    }
    if (min < 0 || !skip("}")) {
      return false;
    }
    repeat(sequence, min, max);
    return true;
  }

  /** Parses a number; returns -1 if there is none. */
  private int number() throws UnsupportedRegexException {
    int start = at;
    int n = 0;
    while (at < regex.length() && regex.charAt(at) >= '0' && regex.charAt(at) <= '9') {
      n = n * 10 + regex.charAt(at++) - '0';
      require(n <= MOST_REPEATS);
    }
    require(at - start <= 1 || regex.charAt(start) != '0');
    return at == start ? -1 : n;
  }

  private void group(List<Node> sequence) throws UnsupportedRegexException {
    boolean fold = foldCase;
    boolean dot = dotMatchesNewline;
    boolean multi = multiLine;
    if (skip("?P<") || skip("?<")) {
      int end = regex.indexOf('>', at);
      require(end >= 0);
      at = end + 1;
    } else if (skip("?") && flags()) {
      return;
    }
    sequence.add(choice());
    require(skip(")"));
    foldCase = fold;
    dotMatchesNewline = dot;
    multiLine = multi;
  }

  /** Parses flags; returns whether they apply to the rest of the surrounding group. */
  private boolean flags() throws UnsupportedRegexException {
    boolean on = true;
    while (true) {
      int c = next();
      switch (c) {
        case 'i' -> foldCase = on;
        case 's' -> dotMatchesNewline = on;
        case 'm' -> multiLine = on;
        case 'U' -> {}
        case '-' -> on = false;
        case ':' -> {
          return false;
        }
        case ')' -> {
          return true;
        }
        default -> require(false);
      }
    }
  }

  private Node literal(int c) throws UnsupportedRegexException {
    return new Chars(folded(CharSet.range(c, c)));
  }

  private CharSet folded(CharSet set) throws UnsupportedRegexException {
    return foldCase ? set.foldCase() : set;
  }

  private Node escape() throws UnsupportedRegexException {
    int assertion =
        switch (at < regex.length() ? regex.charAt(at) : 0) {
          case 'A' -> Assertion.BEGIN_TEXT;
          case 'z' -> Assertion.END_TEXT;
          case 'b' -> Assertion.WORD_BOUNDARY;
          case 'B' -> Assertion.NO_WORD_BOUNDARY;
          default -> -1;
        };
    if (assertion >= 0) {
      at++;
      return new Position(assertion);
    }
    CharSet perl = perlClass();
    return perl != null ? new Chars(perl) : literal(escapedChar());
  }

  /** Parses the letter of a class such as {@code \d}; returns null if there is none. */
  private @Nullable CharSet perlClass() throws UnsupportedRegexException {
    int c = next();
    int lower = c | 0x20;
    if (c > 0x7F || lower != 'd' && lower != 's' && lower != 'w') {
      at -= Character.charCount(c);
      return null;
    }
    CharSet set =
        folded(lower == 'd' ? CharSet.DIGIT : lower == 's' ? CharSet.SPACE : CharSet.WORD);
    return c == lower ? set : set.complement();
  }

  /** Parses what follows a backslash that stands for one character. */
  private int escapedChar() throws UnsupportedRegexException {
    int c = next();
    return switch (c) {
      case 'a' -> 7;
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> 11;
      case 'x' -> hexadecimal();
      default -> {
        require(c > ' ' && c < 0x7F && !Character.isLetterOrDigit(c));
        yield c;
      }
    };
  }

  private int hexadecimal() throws UnsupportedRegexException {
    boolean braces = skip("{");
    int end = braces ? regex.indexOf('}', at) : at + 2;
    require(end > at && end <= regex.length());
    int c = 0;
    for (; at < end; at++) {
      int digit = Character.digit(regex.charAt(at), 16);
      require(digit >= 0 && regex.charAt(at) < 0x7F);
      c = c * 16 + digit;
      require(c <= CharSet.LAST_CHAR);
    }
    at += braces ? 1 : 0;
    return c;
  }

  /** Parses a class after its opening bracket. */
  private CharSet charClass() throws UnsupportedRegexException {
    boolean negated = skip("^");
    CharSet set = CharSet.NOTHING;
    boolean first = true;
    while (first || !regex.startsWith("]", at)) {
      first = false;
      set = set.union(classItem());
    }
    at++;
    return negated ? set.complement() : set;
  }

  private CharSet classItem() throws UnsupportedRegexException {
    if (skip("[:")) {
      return posixClass();
    }
    if (skip("\\")) {
      CharSet perl = perlClass();
      if (perl != null) {
        return perl;
      }
      at--;
    }
    int from = classChar();
    int to = from;
    if (regex.startsWith("-", at) && !regex.startsWith("-]", at)) {
      at++;
      to = classChar();
    }
    require(from <= to);
    return folded(CharSet.range(from, to));
  }

  private int classChar() throws UnsupportedRegexException {
    return skip("\\") ? escapedChar() : next();
  }

  private CharSet posixClass() throws UnsupportedRegexException {
    boolean negated = skip("^");
    int end = regex.indexOf(":]", at);
    require(end >= 0);
    String ranges =
        switch (regex.substring(at, end)) {
          case "alnum" -> "09AZaz";
          case "alpha" -> "AZaz";
          case "ascii" -> "\0\177";
          case "blank" -> "\t\t  ";
          case "cntrl" -> "\0\37\177\177";
          case "digit" -> "09";
          case "graph" -> "!~";
          case "lower" -> "az";
          case "print" -> " ~";
          case "punct" -> "!/:@[`{~";
          case "space" -> "\t\r  ";
          case "upper" -> "AZ";
          case "word" -> "09AZ__az";
          case "xdigit" -> "09AFaf";
          default -> throw new UnsupportedRegexException(regex);
        };
    at = end + 2;
    CharSet set = folded(CharSet.of(ranges));
    return negated ? set.complement() : set;
  }
}
