package dev.strata.cli;

import picocli.CommandLine.Option;

/** How much a command says while it moves blobs. */
final class ReportOptions {
  @Option(
      names = {"-q", "--quiet"},
      description = "Say nothing but errors.")
  private boolean quiet;

  @Option(names = "--json", description = "Say it as JSON, one event a line, on standard output.")
  private boolean json;

  CopyReport start(Context context) {
    if (json) {
      return new JsonCopyReport(context.out());
    }
    return quiet ? CopyReport.SILENT : TextCopyReport.start(context);
  }
}
