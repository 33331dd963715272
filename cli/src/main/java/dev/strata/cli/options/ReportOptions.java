package dev.strata.cli.options;

import dev.strata.cli.command.Argument;
import dev.strata.cli.command.Arguments;
import dev.strata.cli.command.Context;
import org.jspecify.annotations.Nullable;

/** Options for the report of a copy. */
public final class ReportOptions {
  private final Argument<Boolean> quiet;
  private final Argument<Boolean> json;

  public ReportOptions(Arguments arguments) {
    quiet = arguments.flag("Print errors only", "-q", "--quiet");
    json = arguments.flag("Print events as JSON, one per line", "--json");
  }

  /**
   * Reports a failure as an event, if events are printed.
   *
   * @param place the source or destination that failed; null if it is not known
   */
  public void failed(Context context, Throwable error, String message, @Nullable String place) {
    if (json.isSet()) {
      new JsonCopyReport(context.out()).failed(FailureType.of(error), message, place);
    }
  }

  public CopyReport start(Context context) {
    if (json.isSet()) {
      return new JsonCopyReport(context.out());
    }
    return quiet.isSet() ? CopyReport.SILENT : TextCopyReport.start(context);
  }

  /**
   * Starts a report of many copies.
   *
   * @param images the number of images
   */
  public ListReport startList(Context context, int images) {
    return new ListReport(context, json.isSet(), quiet.isSet(), images);
  }
}
