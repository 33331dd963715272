package dev.strata.cli.options;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.Context;

/** Options for the report of a copy. */
public final class ReportOptions {
  private final Argument<Boolean> quiet;
  private final Argument<Boolean> json;

  public ReportOptions(Arguments arguments) {
    quiet = arguments.flag("Print errors only", "-q", "--quiet");
    json = arguments.flag("Print events as JSON, one per line", "--json");
  }

  public CopyReport start(Context context) {
    if (json.isSet()) {
      return new JsonCopyReport(context.out());
    }
    return quiet.isSet() ? CopyReport.SILENT : TextCopyReport.start(context);
  }
}
