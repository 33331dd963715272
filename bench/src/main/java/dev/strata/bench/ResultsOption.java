package dev.strata.bench;

import dev.strata.bench.results.ResultsFile;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option for the results file. */
final class ResultsOption {
  @Option(
      names = "--results",
      paramLabel = "FILE",
      defaultValue = "strata-bench.jsonl",
      description = "Results file in JSON lines format (default: ${DEFAULT-VALUE}).")
  private Path path = Path.of("strata-bench.jsonl");

  ResultsFile file() {
    return new ResultsFile(path);
  }

  Path path() {
    return path;
  }
}
