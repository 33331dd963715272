package dev.strata.internal.tree;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression with the semantics of Go's {@code regexp}, applied to bytes: a byte that is
 * not part of valid UTF-8 matches as U+FFFD. Expressions that amount to a literal, anchored or not,
 * are matched by comparing bytes. Immutable and thread-safe.
 */
final class GoRegex {
  private static final int LONGEST_SHOWN = 200;

  private final Pattern pattern;
  private final LiteralRegex literal;

  private GoRegex(Pattern pattern, LiteralRegex literal) {
    this.pattern = pattern;
    this.literal = literal;
  }

  /**
   * Compiles an expression.
   *
   * @param regex in RE2's syntax
   * @param what its purpose, for the error message
   * @throws InvalidInputException if it is not valid
   */
  static GoRegex compile(String regex, String what) {
    try {
      return new GoRegex(Pattern.compile(regex), LiteralRegex.of(regex));
    } catch (PatternSyntaxException e) {
      throw failure(regex, what, e.getDescription(), e);
    } catch (StackOverflowError e) {
      throw failure(regex, what, "nested too deeply", e);
    }
  }

  private static InvalidInputException failure(
      String regex, String what, String problem, Throwable cause) {
    String shown =
        regex.length() <= LONGEST_SHOWN ? regex : regex.substring(0, LONGEST_SHOWN) + "…";
    return new InvalidInputException(
        "invalid regular expression "
            + FileNames.quote(shown)
            + " in "
            + what
            + ": "
            + problem
            + "; use RE2 syntax, which has no lookaround and no backreferences",
        cause);
  }

  /** Returns the expression as it was given. */
  String expression() {
    return pattern.pattern();
  }

  /** The literal prefix of this expression. */
  LiteralRegex literal() {
    return literal;
  }

  /**
   * Whether the expression matches anywhere in the first {@code length} bytes.
   *
   * @param simple whether the text is {@linkplain LiteralRegex#isSimple simple}
   */
  boolean find(byte[] text, int length, boolean simple) {
    if (!simple) {
      return pattern.matcher(Utf8Text.of(text, length).chars()).find();
    }
    if (literal.isWhole()) {
      return literal.find(text, length);
    }
    return literal.mayMatch(text, length) && pattern.matcher(FileNames.ascii(text, length)).find();
  }

  /** Replaces all matches, like Go's {@code ReplaceAll}. */
  byte[] replaceAll(byte[] source, int length, GoTemplate template) {
    Utf8Text text = Utf8Text.of(source, length);
    Matcher matcher = pattern.matcher(text.chars());
    ByteBuilder out = new ByteBuilder(length + 16);
    int end = text.chars().length();
    int lastEnd = 0;
    int search = 0;
    while (search <= end && matcher.find(search)) {
      int from = matcher.start();
      int to = matcher.end();
      out.add(source, text.byteAt(lastEnd), text.byteAt(from));
      // An empty match right after another match is not replaced.
      if (to > lastEnd || from == 0) {
        template.expand(out, source, text, matcher);
      }
      lastEnd = to;
      int width = search < end ? Character.charCount(text.chars().codePointAt(search)) : 1;
      search = Math.max(search + width, to);
    }
    out.add(source, text.byteAt(lastEnd), length);
    return out.toArray();
  }

  /** Returns the number of a named group, or null. */
  @Nullable Integer groupOf(String name) {
    Map<String, Integer> groups = pattern.namedGroups();
    return groups.get(name);
  }

  /** Decoded text, with the byte offset of each character; null offsets for ASCII. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record Utf8Text(String chars, int @Nullable [] offsets) {
    static Utf8Text of(byte[] bytes, int length) {
      if (FileNames.isAscii(bytes, length)) {
        return new Utf8Text(FileNames.ascii(bytes, length), null);
      }
      StringBuilder chars = new StringBuilder(length);
      int[] offsets = new int[length + 1];
      for (int i = 0; i < length; ) {
        int width = FileNames.sequenceLength(bytes, i, length);
        offsets[chars.length()] = i;
        if (width == 0) {
          chars.append('\uFFFD');
          i++;
          continue;
        }
        chars.append(FileNames.decode(bytes, i, width));
        if (width == 4) {
          offsets[chars.length() - 1] = i;
        }
        i += width;
      }
      offsets[chars.length()] = length;
      return new Utf8Text(chars.toString(), offsets);
    }

    int byteAt(int charIndex) {
      return offsets == null ? charIndex : offsets[charIndex];
    }
  }
}
