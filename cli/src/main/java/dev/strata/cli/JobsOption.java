package dev.strata.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How many workers there are, for annotated commands. */
final class JobsOption {
  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "N",
      converter = Count.class,
      description = "How many workers run at once (default: the number of cores).")
  private @Nullable Integer jobs;

  /** The number, for picocli. */
  static final class Count implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      try {
        return PositiveInteger.read(text);
      } catch (UsageException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }

  int count() {
    return jobs == null ? Runtime.getRuntime().availableProcessors() : jobs;
  }
}
