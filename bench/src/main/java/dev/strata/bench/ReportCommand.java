package dev.strata.bench;

import dev.strata.bench.report.HtmlReport;
import dev.strata.bench.report.Markdown;
import dev.strata.bench.results.Entry;
import dev.strata.io.FileNames;
import dev.strata.io.OutputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Creates a report from a results file. */
@Command(
    name = "report",
    description = {
      "Create a report from a results file: an HTML page, or Markdown for a pull request.",
      "The page contains the latest comparison, and a chart over commits for each workload."
    })
final class ReportCommand implements Callable<Integer> {
  /** The format of the report. */
  enum Format {
    html,
    markdown
  }

  private final Context context;

  @Mixin private ResultsOption results;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "html",
      description = "Report format: html or markdown (default: ${DEFAULT-VALUE}).")
  private Format format = Format.html;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Output file (default: standard output).")
  private @Nullable Path output;

  ReportCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    if (!Files.isReadable(results.path())) {
      throw new IOException(
          "cannot read the results file "
              + results.path()
              + "; create it with 'strata bench record', or specify --results");
    }
    List<Entry> entries = results.file().read();
    String text = format == Format.html ? HtmlReport.of(entries) : Markdown.of(entries);
    if (output == null) {
      context.out().print(text);
    } else {
      OutputFile.write(output, FileNames.encode(text));
    }
    return 0;
  }
}
