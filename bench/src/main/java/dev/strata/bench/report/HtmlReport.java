package dev.strata.bench.report;

import dev.strata.bench.results.Comparison;
import dev.strata.bench.results.Entry;
import dev.strata.bench.stats.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** The report as an HTML page. Stateless and thread-safe. */
public final class HtmlReport {
  private HtmlReport() {}

  /**
   * Returns the report.
   *
   * @param entries the entries of a results file, oldest first
   * @return a self-contained HTML page
   */
  public static String of(List<Entry> entries) {
    StringBuilder body = new StringBuilder("<h1>Strata benchmarks</h1>\n");
    Comparison comparison = History.latestComparison(entries);
    if (comparison != null) {
      comparison(comparison, body);
    }
    List<History> histories = History.byMachine(entries);
    for (int i = 0; i < histories.size(); i++) {
      history(histories.get(i), "m" + i, body);
    }
    if (comparison == null && histories.isEmpty()) {
      body.append("<p>No results recorded yet.</p>\n");
    }
    return """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Strata benchmarks</title>
    <style>
    %s</style>
    </head>
    <body>
    <main>
    %s</main>
    </body>
    </html>
    """
        .formatted(style(), body);
  }

  private static void comparison(Comparison c, StringBuilder out) {
    out.append("<section>\n<h2>Latest comparison</h2>\n");
    out.append("<p class=\"verdict ").append(cssClass(c.verdict())).append("\">");
    out.append(Html.escape(ComparisonTable.sentence(c))).append("</p>\n");
    out.append("<figure class=\"wide\">\n").append(Charts.changes("changes", c));
    out.append(
        """
        <figcaption><span class="key first">wall time</span> <span class="key second">processor \
        time</span> Change from base to candidate. Thin bars: intervals; shaded: tolerance; dashed: \
        slowdown to detect.</figcaption>
        </figure>
        """);
    out.append(ComparisonTable.of(c).html());
    out.append("<p class=\"note\">").append(Html.escape(c.time())).append(", ");
    out.append(Html.escape(c.machine().describe())).append("</p>\n</section>\n");
  }

  private static String cssClass(Verdict verdict) {
    return verdict.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static void history(History history, String id, StringBuilder out) {
    out.append("<section>\n<h2>History</h2>\n<p class=\"note\">");
    out.append(Html.escape(history.latest().machine().describe()));
    out.append(
        """
        </p>
        <p class="note"><span class="key first">wall time with 95% interval</span> <span \
        class="key faint">walk-tar-hash, scaled to the same height</span> If both change, the \
        machine is the cause.</p>
        <div class="grid">
        """);
    int number = 0;
    for (String workload : history.workloads()) {
      String chartId = id + "c" + number++;
      out.append("<figure><h3>").append(Html.escape(workload)).append("</h3>\n");
      out.append(Charts.overCommits(chartId, workload, history.points(workload)));
      out.append("</figure>\n");
    }
    out.append("</div>\n<h3>Latest run: ").append(Html.escape(history.latest().commit()));
    out.append("</h3>\n").append(history.latestTable().html());
    out.append("<p class=\"note\">").append(Html.escape(history.latest().time()));
    out.append("</p>\n</section>\n");
  }

  private static String style() {
    try (InputStream in = HtmlReport.class.getResourceAsStream("report.css")) {
      if (in == null) {
        throw new IllegalStateException("report.css is missing: build the module again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read report.css; rebuild the module", e);
    }
  }
}
