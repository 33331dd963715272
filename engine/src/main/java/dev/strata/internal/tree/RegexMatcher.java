package dev.strata.internal.tree;

import dev.strata.internal.regex.RegexSet;
import dev.strata.internal.regex.StateSpace;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which of several expressions match a name: one after the other for the first names,
 * then with an automaton, whose construction only pays for many names. Not thread-safe.
 */
final class RegexMatcher {
  /** The number of expressions tried before the automaton is built. */
  private static final int TRIED_BEFORE_AUTOMATON = 8192;

  private final List<GoRegex> regexes;
  private final StateSpace space;
  private final long[] matched;
  private @Nullable RegexSet @Nullable [] sets;
  private int tried;

  /**
   * @param space limits the memory for the automaton
   */
  RegexMatcher(List<GoRegex> regexes, StateSpace space) {
    this.regexes = regexes;
    this.space = space;
    this.matched = new long[(regexes.size() + RegexSet.MOST - 1) / RegexSet.MOST];
  }

  /**
   * Matches a name.
   *
   * @return the bits with the numbers of the expressions that match, valid until the next call
   */
  long[] match(byte[] name, int length) {
    if (sets == null) {
      tried += regexes.size();
      if (tried > TRIED_BEFORE_AUTOMATON) {
        sets = automata();
      }
    }
    for (int group = 0; group < matched.length; group++) {
      matched[group] = match(group, name, length);
    }
    return matched;
  }

  private long match(int group, byte[] name, int length) {
    int first = group * RegexSet.MOST;
    int count = Math.min(regexes.size() - first, RegexSet.MOST);
    long matches = 0;
    long contained = 0;
    RegexSet set = sets == null ? null : sets[group];
    if (set != null) {
      matches = set.find(name, length);
      contained = set.contained();
      if (set.isExhausted() && sets != null) {
        sets[group] = null;
      }
    }
    long others = ~contained & -1L >>> RegexSet.MOST - count;
    if (others != 0) {
      boolean simple = LiteralRegex.isSimple(name, length);
      for (long bits = others; bits != 0; bits &= bits - 1) {
        int i = Long.numberOfTrailingZeros(bits);
        if (regexes.get(first + i).find(name, length, simple)) {
          matches |= 1L << i;
        }
      }
    }
    return matches;
  }

  private @Nullable RegexSet[] automata() {
    @Nullable RegexSet[] out = new RegexSet[matched.length];
    for (int group = 0; group < out.length; group++) {
      int first = group * RegexSet.MOST;
      List<String> expressions = new ArrayList<>();
      for (int i = first; i < Math.min(regexes.size(), first + RegexSet.MOST); i++) {
        expressions.add(regexes.get(i).expression());
      }
      out[group] = new RegexSet(expressions, space);
    }
    return out;
  }
}
