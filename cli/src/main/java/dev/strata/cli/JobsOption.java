package dev.strata.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How many workers there are, for annotated commands. */
final class JobsOption {
  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "N",
      converter = PositiveInteger.class,
      description = "How many workers run at once (default: the number of cores).")
  private @Nullable Integer jobs;

  int count() {
    return jobs == null ? Runtime.getRuntime().availableProcessors() : jobs;
  }
}
