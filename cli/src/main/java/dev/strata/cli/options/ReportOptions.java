package dev.strata.cli.options;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.Context;

/** How much a command says while it moves blobs. */
public final class ReportOptions {
  private final Argument<Boolean> quiet;
  private final Argument<Boolean> json;

  public ReportOptions(Arguments arguments) {
    quiet = arguments.flag("Say nothing but errors.", "-q", "--quiet");
    json = arguments.flag("Say it as JSON, one event a line, on standard output.", "--json");
  }

  public CopyReport start(Context context) {
    if (json.isSet()) {
      return new JsonCopyReport(context.out());
    }
    return quiet.isSet() ? CopyReport.SILENT : TextCopyReport.start(context);
  }
}
