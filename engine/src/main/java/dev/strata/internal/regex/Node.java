package dev.strata.internal.regex;

import java.util.ArrayList;
import java.util.List;

/** A part of a parsed expression. Immutable and thread-safe. */
sealed interface Node {
  /** Matches the empty text. */
  Node EMPTY = new Sequence(List.of());

  /**
   * Adds the instructions of this part to a program.
   *
   * @param next the instruction to continue with after a match
   * @return the first instruction
   * @throws UnsupportedRegexException if the program gets too large
   */
  int emit(Nfa nfa, int next) throws UnsupportedRegexException;

  /** Whether this matches the empty text at any position. */
  boolean matchesEmpty();

  /** Returns what remains to be found if any text may come before this part. */
  Node withoutFreeStart();

  /** Returns what remains to be found if any text may come after this part. */
  Node withoutFreeEnd();

  /** One character of a set. */
  record Chars(CharSet set) implements Node {
    @Override
    public int emit(Nfa nfa, int next) throws UnsupportedRegexException {
      return nfa.chars(set, next);
    }

    @Override
    public boolean matchesEmpty() {
      return false;
    }

    @Override
    public Node withoutFreeStart() {
      return this;
    }

    @Override
    public Node withoutFreeEnd() {
      return this;
    }
  }

  /** A condition on a position. */
  record Position(int assertion) implements Node {
    @Override
    public int emit(Nfa nfa, int next) throws UnsupportedRegexException {
      return nfa.assertion(assertion, next);
    }

    @Override
    public boolean matchesEmpty() {
      return false;
    }

    @Override
    public Node withoutFreeStart() {
      return this;
    }

    @Override
    public Node withoutFreeEnd() {
      return this;
    }
  }

  /** One part after the other. */
  record Sequence(List<Node> parts) implements Node {
    @Override
    public int emit(Nfa nfa, int next) throws UnsupportedRegexException {
      int start = next;
      for (int i = parts.size() - 1; i >= 0; i--) {
        start = parts.get(i).emit(nfa, start);
      }
      return start;
    }

    @Override
    public boolean matchesEmpty() {
      for (Node part : parts) {
        if (!part.matchesEmpty()) {
          return false;
        }
      }
      return true;
    }

    @Override
    public Node withoutFreeStart() {
      int from = 0;
      while (from < parts.size() && parts.get(from).matchesEmpty()) {
        from++;
      }
      List<Node> rest = new ArrayList<>(parts.subList(from, parts.size()));
      if (!rest.isEmpty()) {
        rest.set(0, rest.get(0).withoutFreeStart());
      }
      return new Sequence(rest);
    }

    @Override
    public Node withoutFreeEnd() {
      int to = parts.size();
      while (to > 0 && parts.get(to - 1).matchesEmpty()) {
        to--;
      }
      List<Node> rest = new ArrayList<>(parts.subList(0, to));
      if (to > 0) {
        rest.set(to - 1, rest.get(to - 1).withoutFreeEnd());
      }
      return new Sequence(rest);
    }
  }

  /** One of several parts. */
  record Choice(List<Node> parts) implements Node {
    @Override
    public int emit(Nfa nfa, int next) throws UnsupportedRegexException {
      int start = parts.get(parts.size() - 1).emit(nfa, next);
      for (int i = parts.size() - 2; i >= 0; i--) {
        start = nfa.split(parts.get(i).emit(nfa, next), start);
      }
      return start;
    }

    @Override
    public boolean matchesEmpty() {
      for (Node part : parts) {
        if (part.matchesEmpty()) {
          return true;
        }
      }
      return false;
    }

    @Override
    public Node withoutFreeStart() {
      List<Node> rest = new ArrayList<>();
      for (Node part : parts) {
        rest.add(part.withoutFreeStart());
      }
      return new Choice(rest);
    }

    @Override
    public Node withoutFreeEnd() {
      List<Node> rest = new ArrayList<>();
      for (Node part : parts) {
        rest.add(part.withoutFreeEnd());
      }
      return new Choice(rest);
    }
  }

  /**
   * A part several times in a row.
   *
   * @param max the largest number of times, or {@link #UNLIMITED}
   */
  record Repeat(Node part, int min, int max) implements Node {
    static final int UNLIMITED = -1;

    @Override
    public int emit(Nfa nfa, int next) throws UnsupportedRegexException {
      nfa.countCopies(Math.max(min, max));
      int start = next;
      if (max == UNLIMITED) {
        int loop = nfa.split(next, next);
        nfa.setOther(loop, part.emit(nfa, loop));
        start = loop;
      }
      for (int i = min; i < max; i++) {
        start = nfa.split(part.emit(nfa, start), next);
      }
      for (int i = 0; i < min; i++) {
        start = part.emit(nfa, start);
      }
      return start;
    }

    @Override
    public boolean matchesEmpty() {
      return min == 0 || part.matchesEmpty();
    }

    @Override
    public Node withoutFreeStart() {
      return min == 0 ? EMPTY : min == 1 ? part.withoutFreeStart() : new Repeat(part, min, min);
    }

    @Override
    public Node withoutFreeEnd() {
      return min == 0 ? EMPTY : min == 1 ? part.withoutFreeEnd() : new Repeat(part, min, min);
    }
  }
}
