package dev.strata.cli;

import dev.strata.io.StrataException;
import dev.strata.layer.Timestamp;

/** Reads a time of the command line. */
final class Timestamps {
  private Timestamps() {}

  static Timestamp read(String text) {
    try {
      return Timestamp.parse(text);
    } catch (StrataException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
