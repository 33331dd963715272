package dev.strata.cli.command;

import org.jspecify.annotations.Nullable;

/** Limits of the system that lead to errors, as the system and the JVM name them. */
public enum Shortage {
  OPEN_FILES("Too many open files"),
  THREADS("unable to create native thread");

  private final String message;

  Shortage(String message) {
    this.message = message;
  }

  /** Returns whether this is the cause of an error. */
  public boolean isCauseOf(Throwable error) {
    for (@Nullable Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (String.valueOf(cause.getMessage()).contains(message)) {
        return true;
      }
    }
    return false;
  }
}
