package dev.strata.internal.regex;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.strata.io.FileNames;
import dev.strata.testing.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RegexSetTest {
  private static final String[] PIECES = {
    "a",
    "b",
    "c",
    "k",
    "S",
    "z",
    "0",
    "7",
    "_",
    "-",
    "/",
    " ",
    "\n",
    "é",
    "€",
    "𝄞",
    "\uFFFD",
    "\u212A",
    "nix",
    "store",
    ".",
    ".",
    ".*",
    ".*?",
    ".+",
    "\\.",
    "\\-",
    "\\/",
    "\\_",
    "\\n",
    "\\t",
    "\\x61",
    "\\x{e9}",
    "\\x{1D11E}",
    "\\x{fffd}",
    "\\d",
    "\\D",
    "\\s",
    "\\S",
    "\\w",
    "\\W",
    "^",
    "$",
    "^*",
    "$?",
    "\\A",
    "\\z",
    "\\b",
    "\\B",
    "(?i)",
    "(?s)",
    "(?m)",
    "(?-i)",
    "(?i-s)",
    "(?U)",
    "(?sm-i)",
    "(?i:",
    "(?m:",
    "(?s-m:",
    "(?:",
    "(?P<n>",
    "(",
    "(",
    ")",
    ")",
    "|",
    "|",
    "*",
    "+",
    "?",
    "*?",
    "+?",
    "??",
    "{2}",
    "{0}",
    "{0,1}",
    "{1,}",
    "{1,3}",
    "{,2}",
    "{2",
    "{",
    "}",
    ",",
    "[a-c]",
    "[^a-c]",
    "[^\\n]",
    "[]a]",
    "[^]a]",
    "[a-]",
    "[-a]",
    "[a-c-e]",
    "[--/]",
    "[\\d_]",
    "[\\Wa]",
    "[^\\w]",
    "[[:alpha:]]",
    "[[:^alpha:]/]",
    "[^[:space:]é]",
    "[[:upper:]k]",
    "[[:punct:]]",
    "[[:word:]€-₭𝄞]",
    "[\\x00-\\x7f]",
    "[^\\x00-\\x7f]",
    "[é-ł]",
    "[\\]\\[]",
    "[.*]",
    "\\p{Greek}",
    "\\pZ",
    "\\Qa.b\\E",
    "\\Q*",
    "\\C",
    "\\101",
    "\\é"
  };
  private static final String[] TEXTS = {
    "a", "a", "b", "b", "c", "A", "B", "K", "k", "s", "S", "z", "0", "7", "_", "-", "/", "/", " ",
    ".", "*", "\n", "\t", "é", "É", "€", "𝄞", "\uFFFD", "\u212A", "\u017F", "nix", "store", "[",
    "]", "{", "}", ",", "{2", "{,2}", "Ω"
  };

  // RE2/J takes milliseconds for a large range after (?i), hence the small ones above.
  @Test
  @Timeout(120)
  void agreesWithRe2() {
    Random random = new Random(20261126);
    int contained = 0;
    int matches = 0;
    int compared = 0;
    int expressions = 0;
    while (expressions < 100_000) {
      List<Pattern> patterns = somePatterns(random, random.nextInt(1, RegexSet.MOST + 1));
      expressions += patterns.size();
      long bytes = random.nextInt(3) == 0 ? random.nextInt(20_000) : 1 << 20;
      RegexSet set = new RegexSet(expressions(patterns), new StateSpace(bytes));
      contained += Long.bitCount(set.contained());
      byte[] name = new byte[0];
      for (int n = 0; n < 12; n++) {
        name = nextName(random, name);
        int length = name.length - random.nextInt(name.length + 1) / 4;
        long expected = find(patterns, set.contained(), name, length);
        matches += Long.bitCount(expected);
        compared += Long.bitCount(set.contained());
        long actual = set.find(name, length);
        if (actual != expected) {
          int wrong = Long.numberOfTrailingZeros(actual ^ expected);
          String shown = FileNames.quote(FileNames.decode(name, 0, length));
          assertEquals(expected, actual, () -> "'" + patterns.get(wrong) + "' in " + shown);
        }
      }
    }
    assertTrue(contained > expressions * 3 / 4, "few supported: " + contained);
    assertTrue(matches > compared / 5 && matches < compared * 4 / 5, matches + " of " + compared);
  }

  private static List<Pattern> somePatterns(Random random, int count) {
    List<Pattern> out = new ArrayList<>();
    while (out.size() < count) {
      try {
        out.add(Pattern.compile(someExpression(random)));
      } catch (PatternSyntaxException _) {
        // Another one.
      }
    }
    return out;
  }

  private static String someExpression(Random random) {
    StringBuilder out = new StringBuilder();
    int open = 0;
    for (int n = random.nextInt(9); n > 0; n--) {
      String piece = PIECES[random.nextInt(PIECES.length)];
      if (piece.equals(")") && open == 0) {
        continue;
      }
      boolean opens = piece.startsWith("(") && (piece.endsWith(":") || !piece.endsWith(")"));
      open += opens ? 1 : piece.equals(")") ? -1 : 0;
      out.append(piece);
    }
    return out + ")".repeat(open);
  }

  private static List<String> expressions(List<Pattern> patterns) {
    return patterns.stream().map(Pattern::pattern).toList();
  }

  /** Returns a name that often starts like the one before. */
  private static byte[] nextName(Random random, byte[] before) {
    StringBuilder added = new StringBuilder();
    for (int n = random.nextInt(7); n > 0; n--) {
      added.append(TEXTS[random.nextInt(TEXTS.length)]);
    }
    byte[] end = FileNames.encode(added.toString());
    int kept = random.nextInt(3) == 0 ? 0 : random.nextInt(before.length + 1);
    byte[] out = new byte[kept + end.length];
    System.arraycopy(before, 0, out, 0, kept);
    System.arraycopy(end, 0, out, kept, end.length);
    if (out.length > 0 && random.nextInt(4) == 0) {
      out[random.nextInt(out.length)] = (byte) random.nextInt(256);
    }
    return out.length > 40 ? new byte[0] : out;
  }

  private static long find(List<Pattern> patterns, long which, byte[] name, int length) {
    String decoded = FileNames.decodeLossy(Arrays.copyOf(name, length));
    long out = 0;
    for (int i = 0; i < patterns.size(); i++) {
      if ((which >> i & 1) != 0 && patterns.get(i).matcher(decoded).find()) {
        out |= 1L << i;
      }
    }
    return out;
  }

  static List<Table.Row> recorded() {
    return Table.load("replace.tsv").stream().filter(row -> !row.isError(3)).toList();
  }

  @ParameterizedTest
  @MethodSource("recorded")
  void agreesWithGo(Table.Row row) {
    RegexSet set = setOf(row.text(0));
    byte[] text = row.bytes(2);

    long found = set.find(text, text.length);

    assertEquals(Boolean.parseBoolean(row.raw(3)) ? set.contained() : 0, found);
  }

  private static RegexSet setOf(String... expressions) {
    return new RegexSet(List.of(expressions), new StateSpace(1 << 20));
  }

  @ParameterizedTest
  @CsvSource({
    "'(?i)k', \u212A",
    "'(?i)[r-t]', \u017F",
    "'(?i)[^k]x', éx",
    "'a(?i)b|c', C",
    "'a|(?i:b)|c', B",
    "'(?m)^b$', 'a\nb\nc'",
    "'(?s)a.b', 'a\nb'",
    "'\\bab\\b', '/ab-'",
    "'\\Bb', 'ab'",
    "'^(|a)+$', 'aaa'",
    "'(?:a{2}){2,3}$', 'xaaaa'",
    "'x{,2}', 'x{,2}'",
    "'[[:^digit:]]', 'é'",
    "'[^\\x00-\\x7f]', '€'",
  })
  void finds(String expression, String text) {
    byte[] bytes = FileNames.encode(text);
    RegexSet set = setOf(expression);

    assertEquals(1, set.contained());
    assertEquals(1, set.find(bytes, bytes.length));
    assertTrue(Pattern.compile(expression).matcher(text).find());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\pL",
        "\\Qa\\E",
        "\\101",
        "(?i)é",
        "a{01}",
        "(?i)[à-é]",
        "^((a{0,1000}){1000}){1000}$",
        "^((((){1000}){1000}){1000}){1000}$"
      })
  void leavesOutWhatIsTooRareOrTooLarge(String expression) {
    RegexSet set = setOf("a", expression, "b");

    assertEquals(0b101, set.contained());
    assertEquals(0b001, set.find(new byte[] {'a'}, 1));
  }

  @Test
  void leavesOutDeepNesting() {
    assertEquals(0, setOf("(".repeat(900) + "a" + ")".repeat(900)).contained());
  }

  @Test
  void matchesInvalidBytesAsReplacementCharacters() {
    RegexSet set = setOf("^\uFFFD\uFFFDa$", "^[^\uFFFD]", "^..a$", "\uFFFDé");
    byte[] text = {(byte) 0xE2, (byte) 0x82, 'a', (byte) 0xC3, (byte) 0xA9};

    assertEquals(0b0101, set.find(text, 3));
    // The same bytes at the end of one text and in the middle of a sequence of another.
    assertEquals(0b0000, set.find(new byte[] {(byte) 0xE2, (byte) 0x82, (byte) 0xAC}, 2));
    assertEquals(0b0010, set.find(new byte[] {(byte) 0xE2, (byte) 0x82, (byte) 0xAC}, 3));
    assertEquals(0b0000, set.find(text, 5));
  }

  /** A deterministic automaton for this expression has two million states. */
  @Test
  void boundsTheStatesOfHostileExpressions() {
    String hostile = "(a|b)*a(a|b){20}$";
    Pattern pattern = Pattern.compile(hostile);
    RegexSet set = new RegexSet(List.of(hostile, "[^ab]$"), new StateSpace(100_000));
    Random random = new Random(1);
    byte[] text = new byte[200];
    for (int n = 0; n < 500; n++) {
      for (int i = 0; i < text.length; i++) {
        text[i] = (byte) (random.nextBoolean() ? 'a' : 'b');
      }
      boolean expected = pattern.matcher(FileNames.decode(text)).find();
      assertEquals(expected ? 1 : 0, set.find(text, text.length));
    }
    assertTrue(set.isExhausted());
  }

  @Test
  void discardsStatesThatPaid() {
    String[] words = {"alpha", "beta", "gamma", "delta"};
    RegexSet set = new RegexSet(List.of(words), new StateSpace(4_000));
    for (int n = 0; n < 200; n++) {
      byte[] name = FileNames.encode(("/" + words[n / 50]).repeat(20) + n);
      assertEquals(1L << n / 50, set.find(name, name.length));
    }
    assertFalse(set.isExhausted());
  }
}
