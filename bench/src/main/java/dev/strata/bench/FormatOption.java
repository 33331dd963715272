package dev.strata.bench;

import dev.strata.bench.report.TextTable;
import picocli.CommandLine.Option;

/** The option for the format of tables. */
final class FormatOption {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "Format of tables: text or markdown (default: ${DEFAULT-VALUE}).")
  private TextTable.Format format = TextTable.Format.text;

  TextTable.Format value() {
    return format;
  }
}
