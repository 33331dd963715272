package dev.strata.cli.command;

import dev.strata.io.StrataException;
import dev.strata.oci.Timestamp;

/** Parses a timestamp argument. */
public final class Timestamps {
  private Timestamps() {}

  public static Timestamp read(String text) {
    try {
      return Timestamp.parse(text);
    } catch (StrataException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
