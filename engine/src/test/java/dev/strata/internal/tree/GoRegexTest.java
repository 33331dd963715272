package dev.strata.internal.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Pattern;
import dev.strata.io.FileNames;
import dev.strata.io.InvalidInputException;
import dev.strata.testing.Failures;
import dev.strata.testing.Table;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GoRegexTest {
  /** Go rejects repetitions of too many nodes, and escaped letters that are not ASCII. */
  private static final Set<String> ACCEPTED_ALL_THE_SAME = Set.of("(a{500}){500}", "\\é");

  static List<Table.Row> replacements() {
    return Table.load("replace.tsv").stream()
        .filter(row -> !ACCEPTED_ALL_THE_SAME.contains(row.text(0)))
        .filter(row -> !hasTwoGroupsOfOneName(row.text(0)))
        .toList();
  }

  private static boolean hasTwoGroupsOfOneName(String expression) {
    return expression.indexOf("(?P<n>") != expression.lastIndexOf("(?P<n>");
  }

  @ParameterizedTest
  @MethodSource("replacements")
  void findsAndReplacesLikeGo(Table.Row row) {
    String expression = row.text(0);
    if (row.isError(3)) {
      InvalidInputException e =
          assertThrows(InvalidInputException.class, () -> GoRegex.compile(expression, "a rewrite"));
      assertEquals(1, String.valueOf(e.getMessage()).lines().count());
      return;
    }
    GoRegex regex = GoRegex.compile(expression, "a rewrite");
    byte[] text = row.bytes(2);

    assertEquals(Boolean.parseBoolean(row.raw(3)), find(regex, text, text.length), "find");
    assertEquals(row.text(4), replace(regex, row.text(1), text), "replaceAll");
  }

  @Test
  void rejectsTwoGroupsWithTheSameName() {
    InvalidInputException e =
        assertThrows(
            InvalidInputException.class, () -> GoRegex.compile("(?P<n>a)|(?P<n>b)", "a rewrite"));

    assertTrue(String.valueOf(e.getMessage()).contains("duplicate capture group name"));
  }

  @Test
  void rejectsTooDeepNesting() {
    String deep = "(".repeat(50_000) + "a" + ")".repeat(50_000);

    InvalidInputException e =
        assertThrows(InvalidInputException.class, () -> GoRegex.compile(deep, "a rewrite"));

    String message = String.valueOf(e.getMessage());
    assertTrue(message.contains("too") && message.length() < 400, message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"(a{500}){500}", "\\é"})
  void acceptsExpressionsThatOnlyGoRejects(String expression) {
    assertNotNull(GoRegex.compile(expression, "a rewrite"));
  }

  private static String replace(GoRegex regex, String template, byte[] text) {
    GoTemplate parsed = GoTemplate.parse(template, regex);
    return FileNames.decode(regex.replaceAll(text, text.length, parsed));
  }

  @Test
  void ignoresBytesAfterTheLength() {
    GoRegex literal = GoRegex.compile("b$", "a rule");
    GoRegex general = GoRegex.compile("[b]$", "a rule");
    byte[] text = {'a', 'b', 'c'};

    assertTrue(find(literal, text, 2));
    assertTrue(find(general, text, 2));
    assertEquals("ax", FileNames.decode(general.replaceAll(text, 2, template("x", general))));
  }

  private static boolean find(GoRegex regex, byte[] text, int length) {
    return regex.find(text, length, LiteralRegex.isSimple(text, length));
  }

  private static GoTemplate template(String text, GoRegex regex) {
    return GoTemplate.parse(text, regex);
  }

  @Test
  void reportsTheInvalidExpression() {
    Failures.assertFails(
        InvalidInputException.class,
        () -> GoRegex.compile("(a", "rewrite of '/x'"),
        "invalid regular expression '(a' in rewrite of '/x'");
  }

  /** Shortcuts must give the same result as running the expression. */
  @Test
  void shortcutsAgreeWithRe2() {
    Random random = new Random(20240513);
    String[] pieces = {
      "^",
      "$",
      "/",
      "nix",
      "store",
      "\\.",
      ".",
      ".*",
      "a",
      "b",
      "-",
      "\\-",
      "\\/",
      "*",
      "+",
      "?",
      "{2}",
      "{0}",
      "{0,1}",
      "|",
      "(a)",
      "(?:b|c)",
      "[a-c]",
      "é",
      "€",
      "𝄞",
      "\uFFFD",
      "\\Qa.b\\E",
      "\\Q\\E",
      ".*?",
      ".+",
      "[[:alpha:]]",
      "[]|]",
      "[^]a]",
      "[a|b]",
      "\\|",
      "(a|b)",
      "\\d",
      "\\x61",
      "(?i)",
      "(?s)",
      "(?m)",
      "\\b",
      "\\A",
      "\\z",
      "$?",
      "^*",
      "\\$",
      "\\^",
      ","
    };
    String[] texts = {"/", "nix", "store", ".", "a", "b", "c", "-", "é", "€", "𝄞", "\n", "1", "$"};
    int checked = 0;
    for (int i = 0; i < 60_000; i++) {
      String expression = some(random, pieces, 5);
      Pattern pattern;
      try {
        pattern = Pattern.compile(expression);
      } catch (com.google.re2j.PatternSyntaxException _) {
        assertThrows(InvalidInputException.class, () -> GoRegex.compile(expression, "a rule"));
        continue;
      }
      GoRegex regex = GoRegex.compile(expression, "a rule");
      for (int k = 0; k < 4; k++) {
        byte[] text = randomText(random, texts);
        String decoded = FileNames.decodeLossy(text);
        assertEquals(
            pattern.matcher(decoded).find(),
            find(regex, text, text.length),
            () -> "'" + expression + "' in '" + decoded + "'");
        checked++;
      }
    }
    assertTrue(checked > 100_000, "few expressions compiled: " + checked);
  }

  private static byte[] randomText(Random random, String[] pieces) {
    byte[] text = FileNames.encode(some(random, pieces, 6));
    if (text.length > 0 && random.nextInt(4) == 0) {
      text[random.nextInt(text.length)] = (byte) random.nextInt(1, 256);
    }
    return text;
  }

  private static String some(Random random, String[] pieces, int most) {
    StringBuilder out = new StringBuilder();
    for (int n = random.nextInt(most + 1); n > 0; n--) {
      out.append(pieces[random.nextInt(pieces.length)]);
    }
    return out.toString();
  }
}
