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

/** Makes a report of a results file. */
@Command(
    name = "report",
    description = {
      "Makes a report of a results file: one HTML page, or Markdown for a pull request.",
      "The page holds a chart for each workload over commits, and the latest comparison."
    })
final class ReportCommand implements Callable<Integer> {
  /** What the report is written in. */
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
      description = "html or markdown (default: ${DEFAULT-VALUE}).")
  private Format format = Format.html;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The file to write (default: standard output).")
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
              + ": make one with 'strata bench record', or name it with --results");
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
