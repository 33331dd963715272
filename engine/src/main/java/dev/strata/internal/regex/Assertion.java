package dev.strata.internal.regex;

/** The conditions on a position in the text, and what is known about its neighbours. */
final class Assertion {
  static final int BEGIN_TEXT = 0;
  static final int BEGIN_LINE = 1;

  /** This assertion and those after it depend on the following character. */
  static final int END_TEXT = 2;

  static final int END_LINE = 3;
  static final int WORD_BOUNDARY = 4;
  static final int NO_WORD_BOUNDARY = 5;

  /** Flag of a neighbour: there is none, because the text starts or ends. */
  static final int EDGE = 1;

  /** Flag of a neighbour: a newline. */
  static final int NEWLINE = 2;

  /** Flag of a neighbour: an ASCII letter, a digit or an underscore. */
  static final int WORD = 4;

  private Assertion() {}

  /** Whether an assertion holds between two neighbours. */
  static boolean holds(int assertion, int before, int after) {
    return switch (assertion) {
      case BEGIN_TEXT -> (before & EDGE) != 0;
      case BEGIN_LINE -> (before & (EDGE | NEWLINE)) != 0;
      case END_TEXT -> (after & EDGE) != 0;
      case END_LINE -> (after & (EDGE | NEWLINE)) != 0;
      case WORD_BOUNDARY -> ((before ^ after) & WORD) != 0;
      default -> ((before ^ after) & WORD) == 0;
    };
  }
}
