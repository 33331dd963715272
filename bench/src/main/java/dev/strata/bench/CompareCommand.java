package dev.strata.bench;

import dev.strata.bench.process.ProcessRunner;
import dev.strata.bench.process.ProcessUsage;
import dev.strata.bench.report.ComparisonTable;
import dev.strata.bench.results.Comparison;
import dev.strata.bench.results.Comparison.Compared;
import dev.strata.bench.results.Figures;
import dev.strata.bench.results.Machine;
import dev.strata.bench.results.ResultsFile;
import dev.strata.bench.run.Duel;
import dev.strata.bench.run.Track;
import dev.strata.bench.stats.PairedTest;
import dev.strata.bench.stats.Rules;
import dev.strata.bench.stats.Verdict;
import dev.strata.bench.workload.ClosureCache;
import dev.strata.bench.workload.Contender;
import dev.strata.bench.workload.Contenders;
import dev.strata.bench.workload.Input;
import dev.strata.bench.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares two builds and returns a verdict. */
@Command(
    name = "compare",
    exitCodeOnExecutionException = CompareCommand.FAILURE,
    description = {
      "Run two builds in pairs until it is clear whether the second one is slower.",
      "The verdict is based on both wall time and processor time."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:no regression, or undecided because of noise (see the last line)",
      "1:the candidate is slower",
      "2:usage error",
      "3:a build failed, or the builds produce different layers"
    })
final class CompareCommand implements Callable<Integer> {
  static final int FAILURE = 3;
  private static final int REGRESSION = 1;

  private final Context context;

  @Spec private CommandSpec spec;
  @Mixin private WorkloadOptions workloads;
  @Mixin private FormatOption format;

  @Parameters(
      index = "0",
      paramLabel = "BASE",
      description = "Build to compare with: a distribution, a built checkout or an executable.")
  private Path base = Path.of("");

  @Parameters(index = "1", paramLabel = "CANDIDATE", description = "Build to judge.")
  private Path candidate = Path.of("");

  @Option(
      names = "--max-time",
      paramLabel = "SECONDS",
      defaultValue = "270",
      description = "Time limit for all workloads together (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--tolerance",
      paramLabel = "PERCENT",
      defaultValue = "1",
      description =
          "Largest slowdown that is no regression: the whole interval must exceed it (default:"
              + " ${DEFAULT-VALUE}).")
  private double tolerance;

  @Option(
      names = "--detect",
      paramLabel = "PERCENT",
      defaultValue = "3",
      description =
          "Slowdown that must be detected: stop as soon as it is ruled out (default:"
              + " ${DEFAULT-VALUE}).")
  private double detect;

  @Option(
      names = "--alpha",
      paramLabel = "PERCENT",
      defaultValue = "1",
      description =
          "Probability of reporting a build that is slower by exactly the tolerance (default:"
              + " ${DEFAULT-VALUE}).")
  private double alpha;

  @Option(
      names = "--base-name",
      paramLabel = "NAME",
      description = "Name of BASE in reports, such as its commit (default: its directory).")
  private @Nullable String baseName;

  @Option(
      names = "--candidate-name",
      paramLabel = "NAME",
      description = "Name of CANDIDATE in reports (default: its directory).")
  private @Nullable String candidateName;

  @Option(
      names = "--results",
      paramLabel = "FILE",
      description = "Append the comparison to this results file.")
  private @Nullable Path results;

  CompareCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws IOException {
    List<Workload> wanted;
    List<Contender> builds;
    Rules rules;
    try {
      if (seconds < 1) {
        throw new IllegalArgumentException("--max-time must be a positive integer, got " + seconds);
      }
      rules = new Rules(tolerance / 100, detect / 100, alpha / 100);
      wanted = workloads.workloads("m-40");
      builds =
          List.of(
              Contenders.layers("base", Contenders.strataExecutable(base)),
              Contenders.layers("candidate", Contenders.strataExecutable(candidate)));
    } catch (IllegalArgumentException e) {
      throw BenchCommand.usage(spec, e);
    }
    ClosureCache closures = workloads.cache(context::report);
    List<Compared> compared = new ArrayList<>();
    try (ProcessRunner runner = new ProcessRunner()) {
      for (Workload w : wanted) {
        compared.add(compare(runner, closures.prepare(w), builds, rules, wanted.size()));
      }
    }
    Comparison comparison =
        new Comparison(
            Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
            baseName == null ? Builds.name(base) : baseName,
            candidateName == null ? Builds.name(candidate) : candidateName,
            Machine.here(),
            rules,
            compared);
    if (results != null) {
      new ResultsFile(results).append(comparison);
    }
    context.out().print(ComparisonTable.of(comparison).render(format.value()));
    context.out().println();
    context.out().println(ComparisonTable.sentence(comparison));
    return comparison.verdict() == Verdict.REGRESSION ? REGRESSION : 0;
  }

  private Compared compare(
      ProcessRunner runner, Input input, List<Contender> builds, Rules rules, int shares)
      throws IOException {
    long order = RandomGenerator.getDefault().nextLong();
    try (Track track = new Track(runner, input, builds, null, order)) {
      track.warmUp();
      Duel duel =
          new Duel(
              rules,
              shares,
              Duration.ofSeconds(seconds).dividedBy(shares),
              System::nanoTime,
              look -> progress(input.workload().name(), look));
      Duel.Outcome outcome =
          duel.fight(() -> {
            track.round();
            return List.of(track.series(0).runs().getLast(), track.series(1).runs().getLast());
          });
      return new Compared(
          input.workload().name(),
          outcome.verdict(),
          outcome.wall(),
          outcome.cpu(),
          PairedTest.ratio(
              track.series(0).figures(ProcessUsage::peakBytes),
              track.series(1).figures(ProcessUsage::peakBytes),
              1 - rules.alpha()),
          Figures.of(track.series(0)),
          Figures.of(track.series(1)));
    }
  }

  private void progress(String workload, Duel.Outcome look) {
    context.report(
        String.format(
            Locale.ROOT,
            "%s: %d pairs, wall %s, cpu %s: %s",
            workload,
            look.pairs(),
            ComparisonTable.change(look.wall()),
            ComparisonTable.change(look.cpu()),
            look.verdict().words()));
  }
}
