package dev.strata.bench.report;

import dev.strata.bench.results.Comparison;
import dev.strata.bench.results.Entry;
import java.util.List;

/** The report as Markdown, for a comment on a pull request. Stateless and thread-safe. */
public final class Markdown {
  private Markdown() {}

  /**
   * Returns the latest comparison and the latest run.
   *
   * @param entries the entries of a results file, oldest first
   * @return Markdown
   */
  public static String of(List<Entry> entries) {
    StringBuilder out = new StringBuilder("### Strata benchmarks\n\n");
    Comparison comparison = History.latestComparison(entries);
    if (comparison != null) {
      out.append("**").append(ComparisonTable.sentence(comparison)).append("**\n\n");
      out.append(ComparisonTable.of(comparison).render(TextTable.Format.markdown));
      out.append("\n<sub>Change from ").append(comparison.base()).append(" to ");
      out.append(comparison.candidate()).append(", with intervals; ");
      out.append(comparison.machine().describe()).append("</sub>\n");
    }
    for (History history : History.byMachine(entries)) {
      out.append("\n<details><summary>Latest recorded run: ");
      out.append(Html.escape(history.latest().commit())).append("</summary>\n\n");
      out.append(history.latestTable().render(TextTable.Format.markdown));
      out.append("\n<sub>").append(history.latest().machine().describe()).append("</sub>\n");
      out.append("</details>\n");
    }
    return out.toString();
  }
}
