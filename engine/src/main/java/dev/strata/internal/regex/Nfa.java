package dev.strata.internal.regex;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The instructions of several expressions: a nondeterministic automaton after Thompson ("Regular
 * expression search algorithm", CACM 11, 1968). Not thread-safe.
 */
final class Nfa {
  static final byte CHARS = 0;
  static final byte SPLIT = 1;
  static final byte ASSERTION = 2;
  static final byte MATCH = 3;

  private static final int MOST_INSTRUCTIONS = 8192;
  private static final int MOST_RANGES = 512;
  private static final int MOST_COPIES = 4096;

  private byte[] kinds = new byte[256];
  // The number of a set, an assertion, or an expression, or the second instruction of a split.
  private int[] arguments = new int[256];
  private int[] nexts = new int[256];
  private int size;
  private final List<CharSet> sets = new ArrayList<>();
  private int rangeCount;
  private int copies;
  private int[] starts = new int[8];
  private int startCount;

  /**
   * Adds an expression that may start and end anywhere.
   *
   * @param number what its match instruction is called
   * @throws UnsupportedRegexException if it cannot be added; the others are not affected
   */
  void add(Node expression, int number) throws UnsupportedRegexException {
    int before = size;
    copies = 0;
    try {
      int match = instruction(MATCH, number, 0);
      int start = expression.withoutFreeStart().withoutFreeEnd().emit(this, match);
      if (startCount == starts.length) {
        starts = Arrays.copyOf(starts, startCount * 2);
      }
      starts[startCount++] = start;
    } catch (UnsupportedRegexException e) {
      size = before;
      throw e;
    }
  }

  private int instruction(byte kind, int argument, int next) throws UnsupportedRegexException {
    if (size == MOST_INSTRUCTIONS) {
      throw new UnsupportedRegexException("too many instructions");
    }
    if (size == kinds.length) {
      kinds = Arrays.copyOf(kinds, size * 2);
      arguments = Arrays.copyOf(arguments, size * 2);
      nexts = Arrays.copyOf(nexts, size * 2);
    }
    kinds[size] = kind;
    arguments[size] = argument;
    nexts[size] = next;
    return size++;
  }

  int chars(CharSet set, int next) throws UnsupportedRegexException {
    int number = sets.indexOf(set);
    if (number < 0) {
      rangeCount += set.rangeCount();
      if (rangeCount > MOST_RANGES) {
        rangeCount -= set.rangeCount();
        throw new UnsupportedRegexException("too many sets of characters");
      }
      number = sets.size();
      sets.add(set);
    }
    return instruction(CHARS, number, next);
  }

  int assertion(int assertion, int next) throws UnsupportedRegexException {
    return instruction(ASSERTION, assertion, next);
  }

  int split(int next, int other) throws UnsupportedRegexException {
    return instruction(SPLIT, other, next);
  }

  void setOther(int split, int other) {
    arguments[split] = other;
  }

  /** Limits the work for repetitions of parts that have no instructions. */
  void countCopies(int count) throws UnsupportedRegexException {
    copies += Math.max(count, 1);
    if (copies > MOST_COPIES) {
      throw new UnsupportedRegexException("too many repetitions");
    }
  }

  int size() {
    return size;
  }

  byte kind(int instruction) {
    return kinds[instruction];
  }

  int argument(int instruction) {
    return arguments[instruction];
  }

  int next(int instruction) {
    return nexts[instruction];
  }

  int startCount() {
    return startCount;
  }

  int start(int index) {
    return starts[index];
  }

  List<CharSet> sets() {
    return sets;
  }
}
