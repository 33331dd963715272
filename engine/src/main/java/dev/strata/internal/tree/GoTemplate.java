package dev.strata.internal.tree;

import com.google.re2j.Matcher;
import dev.strata.io.FileNames;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A replacement template of Go's {@code regexp.Expand}: {@code $1}, {@code $name}, {@code ${name}}
 * and {@code $$}. An unknown group is replaced by nothing; any other dollar sign stands for itself.
 * Immutable and thread-safe.
 */
final class GoTemplate {
  private static final int NO_GROUP = -1;
  private static final byte[] DOLLAR = {'$'};

  /** Literal text, or the number of a group. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Part(byte @Nullable [] text, int group) {}

  private final List<Part> parts = new ArrayList<>();

  private GoTemplate() {}

  static GoTemplate parse(String template, GoRegex regex) {
    GoTemplate out = new GoTemplate();
    String rest = template;
    while (true) {
      int dollar = rest.indexOf('$');
      if (dollar < 0) {
        out.text(rest);
        return out;
      }
      out.text(rest.substring(0, dollar));
      rest = rest.substring(dollar + 1);
      if (rest.startsWith("$")) {
        out.parts.add(new Part(DOLLAR, NO_GROUP));
        rest = rest.substring(1);
        continue;
      }
      boolean brace = rest.startsWith("{");
      int start = brace ? 1 : 0;
      int end = nameEnd(rest, start);
      if (end == start || brace && !rest.startsWith("}", end)) {
        out.parts.add(new Part(DOLLAR, NO_GROUP));
        continue;
      }
      String name = rest.substring(start, end);
      rest = rest.substring(brace ? end + 1 : end);
      int group = number(name);
      if (group < 0) {
        Integer named = regex.groupOf(name);
        group = named == null ? NO_GROUP : named;
      }
      if (group >= 0) {
        out.parts.add(new Part(null, group));
      }
    }
  }

  private static int nameEnd(String s, int from) {
    int i = from;
    while (i < s.length()) {
      int c = s.codePointAt(i);
      if (!Character.isLetter(c) && !Character.isDigit(c) && c != '_') {
        break;
      }
      i += Character.charCount(c);
    }
    return i;
  }

  /** Parses the number of a group; leading zeros or more than nine digits make it a name. */
  private static int number(String name) {
    if (name.charAt(0) == '0' && name.length() > 1) {
      return NO_GROUP;
    }
    int n = 0;
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c < '0' || c > '9' || n >= 100_000_000) {
        return NO_GROUP;
      }
      n = n * 10 + c - '0';
    }
    return n;
  }

  private void text(String s) {
    if (!s.isEmpty()) {
      parts.add(new Part(FileNames.encode(s), NO_GROUP));
    }
  }

  /** Returns the text of a template that refers to no group, else null. */
  byte @Nullable [] constant() {
    ByteBuilder out = new ByteBuilder(16);
    for (Part p : parts) {
      if (p.text() == null) {
        return null;
      }
      out.add(p.text());
    }
    return out.toArray();
  }

  /** Appends the replacement for a match. */
  void expand(ByteBuilder out, byte[] source, GoRegex.Utf8Text text, Matcher match) {
    for (Part p : parts) {
      if (p.text() != null) {
        out.add(p.text());
      } else if (p.group() <= match.groupCount() && match.start(p.group()) >= 0) {
        out.add(source, text.byteAt(match.start(p.group())), text.byteAt(match.end(p.group())));
      }
    }
  }
}
