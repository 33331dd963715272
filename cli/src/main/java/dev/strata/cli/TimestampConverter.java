package dev.strata.cli;

import dev.strata.io.StrataException;
import dev.strata.layer.Timestamp;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a time of the command line. */
final class TimestampConverter implements ITypeConverter<Timestamp> {
  @Override
  public Timestamp convert(String text) {
    try {
      return Timestamp.parse(text);
    } catch (StrataException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
