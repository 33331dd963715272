package dev.strata.internal.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.strata.internal.regex.StateSpace;
import dev.strata.io.FileNames;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RegexMatcherTest {
  /** With the automaton, without memory for it, and with expressions that it cannot contain. */
  @ParameterizedTest
  @ValueSource(ints = {0, 50_000, 8 << 20})
  void matchesLikeEachExpression(int bytes) {
    List<GoRegex> regexes = new ArrayList<>();
    for (String form : List.of("/%d/", "\\.%d$", "[%d-9]x", "\\pL%d", "^/a.*/%d", "%d+é?$")) {
      for (int n = 0; n < 25; n++) {
        regexes.add(GoRegex.compile(form.replace("%d", String.valueOf(n % 10)), "a rule"));
      }
    }
    RegexMatcher matcher = new RegexMatcher(regexes, new StateSpace(bytes));
    for (int n = 0; n < 400; n++) {
      byte[] name = FileNames.encode("/a/" + n % 7 + "/é" + n + (n % 3 == 0 ? "x.1" : "\n." + n));
      boolean simple = LiteralRegex.isSimple(name, name.length);

      long[] matched = matcher.match(name, name.length);

      for (int i = 0; i < regexes.size(); i++) {
        boolean expected = regexes.get(i).find(name, name.length, simple);
        assertEquals(expected, (matched[i / 64] >> i & 1) != 0, regexes.get(i).expression());
      }
    }
  }
}
