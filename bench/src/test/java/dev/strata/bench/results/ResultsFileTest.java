package dev.strata.bench.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.strata.bench.results.Comparison.Compared;
import dev.strata.bench.results.RecordedRun.Measured;
import dev.strata.bench.stats.Interval;
import dev.strata.bench.stats.Rules;
import dev.strata.bench.stats.Verdict;
import dev.strata.io.StrataException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsFileTest {
  private static final Machine MACHINE = new Machine("a <CPU>", 2, 1L << 34, "Linux 6", "VM 25");
  private static final Figures FIGURES =
      new Figures(List.of(1L, 2L), List.of(3L, 4L), List.of(5L, 6L), List.of(7L, 8L));
  private static final RecordedRun RUN =
      new RecordedRun(
          "2026-01-02T03:04:05Z",
          "abc",
          MACHINE,
          List.of(new Measured("m-40", List.of("sha256:1"), FIGURES, FIGURES)));
  private static final Comparison COMPARISON =
      new Comparison(
          "2026-01-02T03:04:06Z",
          "base",
          "candidate",
          MACHINE,
          Rules.DEFAULT,
          List.of(
              new Compared(
                  "m-40",
                  Verdict.REGRESSION,
                  new Interval(1.031, 1.02, 1.04),
                  new Interval(1.029, 1.025, 1.033),
                  new Interval(1, 0, Double.POSITIVE_INFINITY),
                  FIGURES,
                  FIGURES)));

  @TempDir private Path folder;

  private Path path() {
    return folder.resolve("new folder/results.jsonl");
  }

  @Test
  void readsAppendedEntries() throws IOException {
    ResultsFile file = new ResultsFile(path());
    file.append(RUN);
    file.append(COMPARISON);

    assertEquals(List.of(RUN, COMPARISON), file.read());
    assertEquals(2, Files.readAllLines(path()).size());
  }

  @Test
  void ignoresKeysAndEntriesOfLaterVersions() throws IOException {
    ResultsFile file = new ResultsFile(path());
    file.append(RUN);
    String line = Files.readString(path()).strip();
    String extended = line.replace("{\"schema\":1", "{\"new\":{\"a\":[1]},\"schema\":1");
    String later = line.replace("{\"schema\":1", "{\"schema\":2");
    Files.writeString(path(), extended + "\n\n" + later + "\n", StandardOpenOption.APPEND);

    assertEquals(List.of(RUN, RUN), file.read());
  }

  @Test
  void reportsAnInvalidLine() throws IOException {
    ResultsFile file = new ResultsFile(path());
    file.append(RUN);
    Files.writeString(path(), "{\"schema\":1,\n", StandardOpenOption.APPEND);
    StrataException e = assertThrows(StrataException.class, file::read);
    assertTrue(message(e).contains("(entry on line 2)"), () -> message(e));
  }

  @Test
  void reportsInvalidRules() throws IOException {
    ResultsFile file = new ResultsFile(path());
    file.append(COMPARISON);
    String line = Files.readString(path()).replace("\"detectPpm\":30000", "\"detectPpm\":0");
    Files.writeString(path(), line);

    assertThrows(StrataException.class, file::read);
  }

  @Test
  void overallVerdictIsTheWorst() {
    Compared bad = COMPARISON.workloads().getFirst();
    Compared good =
        new Compared(
            "s", Verdict.NO_REGRESSION, bad.wall(), bad.cpu(), bad.peak(), FIGURES, FIGURES);
    Comparison both = new Comparison("", "", "", MACHINE, Rules.DEFAULT, List.of(good, bad, good));

    assertEquals(Verdict.REGRESSION, both.verdict());
    assertEquals(
        Verdict.NO_REGRESSION,
        new Comparison("", "", "", MACHINE, Rules.DEFAULT, List.of(good)).verdict());
  }

  @Test
  void describesThisMachine() {
    Machine here = Machine.here();

    assertTrue(here.cores() > 0);
    assertTrue(here.memoryBytes() > 1 << 20, here::toString);
    assertTrue(here.describe().contains(here.kernel()));
  }

  private static String message(Exception e) {
    return String.valueOf(e.getMessage());
  }
}
