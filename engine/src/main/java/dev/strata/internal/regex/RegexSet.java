package dev.strata.internal.regex;

import dev.strata.io.FileNames;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Up to 64 regular expressions in one automaton: it reads a text once, and finds out which
 * expressions match anywhere in it. Expressions have the semantics of Go's {@code regexp}; a byte
 * that is not part of valid UTF-8 matches as U+FFFD. Expressions that the automaton cannot contain
 * are left out. Not thread-safe.
 *
 * <p>States are built when they are reached. If their memory is used up, they are discarded; if
 * they were used too rarely, no more are kept.
 */
public final class RegexSet {
  /** The largest number of expressions. */
  public static final int MOST = 64;

  /** States are worth building if this many characters are read for each of them. */
  private static final int CHARS_PER_STATE = 8;

  private static final int STATE_BYTES = 160;

  /**
   * The instructions that wait for the next character, and what has matched.
   *
   * <p>Assertions about the following character are among the instructions; only if there are any,
   * {@code before} is known.
   */
  private static final class State {
    final long[] waiting;
    final int before;
    final long found;
    final @Nullable State[] next;

    State(long[] waiting, int before, long found, int nextCount) {
      this.waiting = waiting;
      this.before = before;
      this.found = found;
      this.next = new State[nextCount];
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof State s
          && before == s.before
          && found == s.found
          && Arrays.equals(waiting, s.waiting);
    }

    @Override
    public int hashCode() {
      return (Arrays.hashCode(waiting) * 31 + Long.hashCode(found)) * 31 + before;
    }
  }

  private final StateSpace space;
  private final Nfa nfa = new Nfa();
  private final Alphabet alphabet;
  private final int end;
  private final int replacementClass;
  private final long contained;
  private final int words;
  private final long[] chars;
  private final long[] lookahead;
  // The instructions that accept a character of each class.
  private final long[][] accepting;
  private final long[] visited;
  private final int[] stack;
  private long found;

  private Map<State, State> states = new HashMap<>();
  private @Nullable State start;
  private long used;
  private long charsRead;
  private boolean exhausted;
  private int discards;

  // The previous text, with the state and the matches before each character.
  private byte[] text = new byte[256];
  private int textLength;
  private @Nullable State[] stateAt = new State[257];
  private long[] foundAt = new long[257];

  /**
   * Compiles expressions.
   *
   * @param expressions valid expressions in RE2's syntax, at most {@link #MOST}
   * @param space limits the memory for states
   */
  public RegexSet(List<String> expressions, StateSpace space) {
    this.space = space;
    long bits = 0;
    for (int i = 0; i < expressions.size(); i++) {
      try {
        nfa.add(Parser.parse(expressions.get(i)), i);
        bits |= 1L << i;
      } catch (UnsupportedRegexException _) {
        // Left out.
      }
    }
    contained = bits;
    alphabet = Alphabet.of(nfa.sets());
    end = alphabet.classCount();
    replacementClass = alphabet.classOf(0xFFFD);
    words = (nfa.size() + 63) / 64;
    chars = new long[words];
    lookahead = new long[words];
    accepting = new long[end][words];
    visited = new long[words];
    stack = new int[nfa.size() + 1];
    for (int i = 0; i < nfa.size(); i++) {
      if (nfa.kind(i) == Nfa.CHARS) {
        set(chars, i);
        accept(i);
      } else if (nfa.kind(i) == Nfa.ASSERTION && nfa.argument(i) >= Assertion.END_TEXT) {
        set(lookahead, i);
      }
    }
  }

  private void accept(int instruction) {
    CharSet set = nfa.sets().get(nfa.argument(instruction));
    for (int c = 0; c < end; c++) {
      if (set.contains(alphabet.member(c))) {
        set(accepting[c], instruction);
      }
    }
  }

  /**
   * Returns which expressions are part of the automaton.
   *
   * @return the bits with the numbers of the expressions
   */
  public long contained() {
    return contained;
  }

  /**
   * Returns whether the automaton no longer keeps states, because the texts vary too much. It still
   * gives correct results, but slowly.
   *
   * @return whether another method is faster
   */
  public boolean isExhausted() {
    return exhausted;
  }

  /**
   * Finds the expressions that match anywhere in a text. Texts that start like the one before are
   * only read from the first difference.
   *
   * @param bytes the text
   * @param length its length in bytes
   * @return the bits with the numbers of the expressions
   */
  public long find(byte[] bytes, int length) {
    int at = commonStart(bytes, length);
    reserve(length);
    State state = at == 0 ? startState() : stateAt(at);
    long matches = at == 0 ? state.found : foundAt[at];
    charsRead += length - at;
    int from = at;
    int discardsBefore = discards;
    while (at < length) {
      int width = 1;
      int charClass;
      if (bytes[at] >= 0) {
        charClass = alphabet.classOfAscii(bytes[at]);
      } else {
        width = FileNames.sequenceLength(bytes, at, length);
        charClass =
            width == 0
                ? replacementClass
                : alphabet.classOf(FileNames.decode(bytes, at, width).codePointAt(0));
        width = Math.max(width, 1);
      }
      state = after(state, charClass);
      matches |= state.found;
      at += width;
      stateAt[at] = state;
      foundAt[at] = matches;
    }
    System.arraycopy(bytes, from, text, from, length - from);
    matches |= after(state, end).found;
    textLength = discards == discardsBefore ? length : 0;
    return matches;
  }

  /**
   * Returns how much of the previous text can be skipped. What precedes an ASCII character is
   * decoded the same way whatever follows it.
   */
  private int commonStart(byte[] bytes, int length) {
    int most = Math.min(length, textLength);
    int at = Arrays.mismatch(bytes, 0, most, text, 0, most);
    at = at < 0 ? most : at;
    while (at > 0 && bytes[at - 1] < 0) {
      at--;
    }
    return at;
  }

  private void reserve(int length) {
    if (length > text.length) {
      text = Arrays.copyOf(text, length * 2);
      stateAt = Arrays.copyOf(stateAt, length * 2 + 1);
      foundAt = Arrays.copyOf(foundAt, length * 2 + 1);
    }
  }

  private State stateAt(int at) {
    State state = stateAt[at];
    if (state == null) {
      throw new AssertionError(at);
    }
    return state;
  }

  private State startState() {
    State known = start;
    if (known == null) {
      known = keep(closure(new long[words], -1, Assertion.EDGE, 0));
      start = known;
    }
    return known;
  }

  private State after(State state, int charClass) {
    State known = state.next[charClass];
    if (known != null) {
      return known;
    }
    State next = keep(step(state, charClass));
    if (!exhausted) {
      state.next[charClass] = next;
    }
    return next;
  }

  /** Returns the equal state that is known, or adds this one. */
  private State keep(State state) {
    State known = states.get(state);
    if (known != null || exhausted) {
      return known == null ? state : known;
    }
    long bytes = STATE_BYTES + 8L * words + 4L * end;
    if (!space.take(bytes)) {
      exhausted = charsRead < used / bytes * CHARS_PER_STATE;
      discard();
      if (exhausted || !space.take(bytes)) {
        exhausted = true;
        return state;
      }
    }
    used += bytes;
    states.put(state, state);
    return state;
  }

  private void discard() {
    discards++;
    states = new HashMap<>();
    start = null;
    stateAt = new State[text.length + 1];
    charsRead = 0;
    space.giveBack(used);
    used = 0;
  }

  /** Returns the state after a character of a class, or after the end of the text. */
  private State step(State state, int charClass) {
    if (charClass == end) {
      throughLookahead(state, Assertion.EDGE);
      return new State(new long[words], 0, found, end + 1);
    }
    int c = alphabet.member(charClass);
    int flags = c == '\n' ? Assertion.NEWLINE : CharSet.WORD.contains(c) ? Assertion.WORD : 0;
    long[] waiting = throughLookahead(state, flags);
    return closure(waiting, charClass, flags, found);
  }

  /** Passes the assertions that hold before a character; notes matches. */
  private long[] throughLookahead(State state, int after) {
    found = 0;
    boolean any = false;
    for (int w = 0; w < words; w++) {
      any |= (state.waiting[w] & lookahead[w]) != 0;
    }
    if (!any) {
      return state.waiting;
    }
    for (int w = 0; w < words; w++) {
      visited[w] = state.waiting[w] & chars[w];
    }
    for (int w = 0; w < words; w++) {
      for (long bits = state.waiting[w] & lookahead[w]; bits != 0; bits &= bits - 1) {
        follow(w * 64 + Long.numberOfTrailingZeros(bits), state.before, after);
      }
    }
    return visited.clone();
  }

  /** Returns the state in which the instructions after the accepting ones wait. */
  private State closure(long[] waiting, int charClass, int before, long matches) {
    found = matches;
    Arrays.fill(visited, 0);
    for (int w = 0; charClass >= 0 && w < words; w++) {
      for (long bits = waiting[w] & accepting[charClass][w]; bits != 0; bits &= bits - 1) {
        follow(nfa.next(w * 64 + Long.numberOfTrailingZeros(bits)), before, -1);
      }
    }
    for (int i = 0; i < nfa.startCount(); i++) {
      follow(nfa.start(i), before, -1);
    }
    long[] next = new long[words];
    long open = 0;
    for (int w = 0; w < words; w++) {
      next[w] = visited[w] & (chars[w] | lookahead[w]);
      open |= next[w] & lookahead[w];
    }
    return new State(next, open == 0 ? 0 : before, found, end + 1);
  }

  /**
   * Visits the instructions that are reached without reading a character; notes matches.
   *
   * @param after what follows; negative if it is not known yet
   */
  private void follow(int instruction, int before, int after) {
    int depth = 0;
    stack[depth++] = instruction;
    while (depth > 0) {
      int i = stack[--depth];
      while (i >= 0 && visit(i)) {
        int next = nfa.next(i);
        int argument = nfa.argument(i);
        switch (nfa.kind(i)) {
          case Nfa.SPLIT -> stack[depth++] = argument;
          case Nfa.ASSERTION -> {
            boolean open = after < 0 && argument >= Assertion.END_TEXT;
            next = !open && Assertion.holds(argument, before, after) ? next : -1;
          }
          case Nfa.MATCH -> {
            found |= 1L << argument;
            next = -1;
          }
          default -> next = -1;
        }
        i = next;
      }
    }
  }

  /** Notes that an instruction has been visited; returns whether this was the first time. */
  private boolean visit(int instruction) {
    long bit = 1L << instruction;
    boolean first = (visited[instruction >> 6] & bit) == 0;
    visited[instruction >> 6] |= bit;
    return first;
  }

  private static void set(long[] bits, int index) {
    bits[index >> 6] |= 1L << index;
  }
}
