package dev.strata.cli;

/** How much a command says while it moves blobs. */
final class ReportOptions {
  private final Argument<Boolean> quiet;
  private final Argument<Boolean> json;

  ReportOptions(Arguments arguments) {
    quiet = arguments.flag("Say nothing but errors.", "-q", "--quiet");
    json = arguments.flag("Say it as JSON, one event a line, on standard output.", "--json");
  }

  CopyReport start(Context context) {
    if (json.isSet()) {
      return new JsonCopyReport(context.out());
    }
    return quiet.isSet() ? CopyReport.SILENT : TextCopyReport.start(context);
  }
}
