package dev.strata.internal.regex;

/** Thrown for an expression that the automaton cannot contain. Has no stack trace. */
final class UnsupportedRegexException extends Exception {
  private static final long serialVersionUID = 1;

  UnsupportedRegexException(String message) {
    super(message, null, false, false);
  }
}
