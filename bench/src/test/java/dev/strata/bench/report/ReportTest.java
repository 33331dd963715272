package dev.strata.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.bench.results.Comparison;
import dev.strata.bench.results.Comparison.Compared;
import dev.strata.bench.results.Entry;
import dev.strata.bench.results.Figures;
import dev.strata.bench.results.Machine;
import dev.strata.bench.results.RecordedRun;
import dev.strata.bench.results.RecordedRun.Measured;
import dev.strata.bench.stats.Interval;
import dev.strata.bench.stats.Rules;
import dev.strata.bench.stats.Verdict;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class ReportTest {
  private static final Machine MACHINE = new Machine("a <fast> CPU", 2, 16_000_000_000L, "L", "J");
  private static final Machine OTHER = new Machine("another", 8, 16_000_000_000L, "L", "J");

  private static Figures figures(double seconds) {
    List<Long> wall = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      wall.add((long) (1e9 * seconds * (1 + i / 1000.0)));
    }
    List<Long> bytes = wall.stream().map(_ -> 100L << 20).toList();
    return new Figures(wall, wall, wall, bytes);
  }

  private static RecordedRun run(String commit, Machine machine, double seconds) {
    return new RecordedRun(
        "2026-01-02T03:04:05Z",
        commit,
        machine,
        List.of(
            new Measured("m-40", List.of(), figures(seconds), figures(2)),
            new Measured("s-1", List.of(), figures(seconds / 4), figures(1))));
  }

  private static Comparison comparison(Verdict verdict, Interval wall) {
    return new Comparison(
        "2026-01-02T03:04:06Z",
        "main",
        "<branch> | x",
        MACHINE,
        Rules.DEFAULT,
        List.of(
            new Compared(
                "m-40",
                verdict,
                wall,
                new Interval(1.004, 0.99, 1.02),
                new Interval(1, 0.99, 1.01),
                figures(0.5),
                figures(0.52))));
  }

  private static List<Entry> entries() {
    return List.of(
        run("1111111111", MACHINE, 0.5),
        run("2222222222", MACHINE, 0.52),
        run("3333333333", OTHER, 0.1),
        comparison(Verdict.REGRESSION, new Interval(1.04, 1.02, 1.06)));
  }

  @Test
  void pageHasAChartPerMachineAndWorkloadAndOneForTheComparison() {
    String page = HtmlReport.of(entries());

    assertEquals(1 + 2 * 2, page.split("<svg class=\"chart\"", -1).length - 1);
    assertTrue(page.contains("11111111…"), "commits name the points");
    assertTrue(
        page.contains(
            "REGRESSION: &lt;branch&gt; | x is slower than main by more than 1% on m-40."));
    assertTrue(page.contains("class=\"verdict regression\""));
    assertTrue(page.contains("a &lt;fast&gt; CPU"));
  }

  /** A disturbed run among few yields an interval that would compress the rest of the chart. */
  @Test
  void longIntervalsExceedTheChart() {
    List<Long> wall = List.of(900_000_000L, 1_000_000_000L, 68_000_000_000L);
    Figures wild = new Figures(wall, wall, wall, List.of(1L, 1L, 1L));
    Measured measured = new Measured("m-40", List.of(), wild, figures(1));
    Entry run = new RecordedRun("2026-01-02T03:04:05Z", "c0ffee", MACHINE, List.of(measured));

    String page = HtmlReport.of(List.of(run));

    assertTrue(page.contains(">1.0 s<"), page);
    assertFalse(page.contains("0.0 s<"), page);
  }

  @Test
  void pageIsSelfContained() {
    String page = HtmlReport.of(entries());

    assertFalse(page.contains("<script"));
    assertFalse(page.contains("<link"));
    assertFalse(Pattern.compile("(src|href)=\"(?!#)").matcher(page).find());
    assertTrue(page.contains("<meta name=\"viewport\" content=\"width=device-width"));
    assertTrue(page.contains("prefers-color-scheme: dark"));
  }

  @Test
  void chartsAreWellFormedAndUseColoursOfThePage() throws Exception {
    String page = HtmlReport.of(entries());
    Set<String> ids = new HashSet<>();
    List<String> charts =
        Pattern.compile("<svg.*?</svg>", Pattern.DOTALL)
            .matcher(page)
            .results()
            .map(MatchResult::group)
            .toList();
    for (String chart : charts) {
      String namespaced =
          chart.replaceFirst("<svg", "<svg xmlns:xlink=\"http://www.w3.org/1999/xlink\"");
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(namespaced)));
      assertTrue(chart.contains("var(--first)"), "the data is drawn");
      assertFalse(chart.contains("rgb("), () -> "a fixed colour in " + chart);
      Pattern.compile(" id=\"([^\"]*)\"")
          .matcher(chart)
          .results()
          .forEach(id -> assertTrue(ids.add(id.group(1)), "twice: " + id.group(1)));
    }
  }

  @Test
  void markdownContainsTheVerdictAndTheTables() {
    String text = Markdown.of(entries());

    assertTrue(text.contains("**REGRESSION: <branch> | x is slower than main"), text);
    assertTrue(text.contains("| m-40 | 0.502 s | +4.0% [+2.0, +6.0] | +0.4% [−1.0, +2.0] |"), text);
    assertTrue(text.contains("<summary>Latest recorded run: 2222222222</summary>"), text);
    assertTrue(text.contains("| --- | ---: |"), text);
  }

  @Test
  void pageOfAnEmptyFileStatesThatThereAreNoResults() {
    assertTrue(HtmlReport.of(List.of()).contains("No results recorded yet."));
    assertTrue(Markdown.of(List.of()).startsWith("### Strata benchmarks"));
  }

  @Test
  void showsAComparisonWithTooFewPairs() {
    Interval unknown = new Interval(1.01, 0, Double.POSITIVE_INFINITY);
    String page = HtmlReport.of(List.of(comparison(Verdict.UNDECIDED, unknown)));

    assertTrue(page.contains("+1.0% [too few pairs]"));
    assertTrue(page.contains("undecided: no regression was found"));
  }

  @Test
  void figuresDoNotDependOnTheLocale() {
    String expected = HtmlReport.of(entries());
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertEquals(expected, HtmlReport.of(entries()));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void tablesAlignForATerminal() {
    TextTable table = new TextTable("", "wall").row("strata", "1 s").row("a", "10 s");

    assertEquals("        wall\nstrata   1 s\na       10 s\n", table.render(TextTable.Format.text));
    assertEquals(
        "|  | wall |\n| --- | ---: |\n| strata | 1 s |\n| a | 10 s |\n",
        table.render(TextTable.Format.markdown));
  }
}
